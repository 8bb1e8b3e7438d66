import { RecursiveChunker } from "@chonkiejs/core";
import { RecursiveCharacterTextSplitter } from "@langchain/textsplitters";
import { SentenceSplitter } from "@llamaindex/core/node-parser";
import type { Chunker, Tokenizer } from "@binnacle/core";
import { createEstimatingTokenizer, createMarkdownChunker, createTextChunker } from "@binnacle/retriever";
import { countTokens, decode, encode } from "gpt-tokenizer/encoding/o200k_base";
import { Tiktoken } from "js-tiktoken/lite";
import ranks from "js-tiktoken/ranks/o200k_base";
import type { Piece } from "./chunk-quality.ts";

/** A splitter of the corpus: ours, or a peer's. */
export interface Splitter {
  readonly name: string;
  /** Package of the peer. Missing for ours. */
  readonly peer?: string | undefined;
  readonly split: (text: string) => Promise<readonly Piece[]> | readonly Piece[];
  readonly runs: number;
  readonly warmups: number;
  /** False if it counts characters or estimates. Then its chunk size is not judged by tokens. */
  readonly countsTokens: boolean;
}

const MAX_TOKENS = 300;
const OVERLAP_TOKENS = 50;
const RUNS = 7;

const asPieces = (texts: readonly string[]): readonly Piece[] => texts.map((text) => ({ text }));

function ours(name: string, chunker: Chunker, countsTokens = true): Splitter {
  const split = (text: string): readonly Piece[] => [
    ...chunker.chunk({ id: "corpus", text, mediaType: "text/markdown", metadata: {} }),
  ];
  return { name, split, runs: RUNS, warmups: 2, countsTokens };
}

function langchain(name: string, count: (text: string) => number, runs: number, warmups: number): Splitter {
  const splitter = new RecursiveCharacterTextSplitter({
    chunkSize: MAX_TOKENS,
    chunkOverlap: OVERLAP_TOKENS,
    lengthFunction: count,
  });
  const split = async (text: string): Promise<readonly Piece[]> => asPieces(await splitter.splitText(text));
  return { name, peer: "@langchain/textsplitters", split, runs, warmups, countsTokens: true };
}

/** Creates LangChain's splitter with its fastest tokenizer. It is also used for the hostile inputs. */
export function langchainWithGptTokenizer(): Splitter {
  return langchain("LangChain Recursive + gpt-tokenizer", (text) => countTokens(text), RUNS, 2);
}

/** Returns all splitters. Slow ones run once without a warm-up, and their rows say so. */
export async function corpusSplitters(tokenizer: Tokenizer): Promise<readonly Splitter[]> {
  const limits = { maxTokens: MAX_TOKENS, overlapTokens: OVERLAP_TOKENS };
  const estimate = createEstimatingTokenizer();
  const tiktoken = new Tiktoken(ranks);
  const chonkie = await RecursiveChunker.create({ chunkSize: 1_200 });
  const llamaindex = new SentenceSplitter({
    chunkSize: MAX_TOKENS,
    chunkOverlap: OVERLAP_TOKENS,
    tokenizer: { encode: (text) => Uint32Array.from(encode(text)), decode: (ids) => decode(Array.from(ids)) },
  });
  return [
    ours("Binnacle Markdown", await createMarkdownChunker({ ...limits, tokenizer })),
    ours("Binnacle text", await createTextChunker({ ...limits, tokenizer })),
    ours("Binnacle text, estimated", await createTextChunker({ ...limits, tokenizer: estimate }), false),
    langchainWithGptTokenizer(),
    langchain("LangChain Recursive + js-tiktoken", (text) => tiktoken.encode(text, [], []).length, 3, 0),
    {
      name: "LlamaIndex Sentence + gpt-tokenizer",
      peer: "@llamaindex/core",
      split: (text) => asPieces(llamaindex.splitText(text)),
      runs: 1,
      warmups: 0,
      countsTokens: true,
    },
    {
      name: "chonkie Recursive, 1200 characters",
      peer: "@chonkiejs/core",
      split: async (text) =>
        (await chonkie.chunk(text)).map(({ text, startIndex, endIndex }) => ({
          text,
          start: startIndex,
          end: endIndex,
        })),
      runs: RUNS,
      warmups: 2,
      countsTokens: false,
    },
  ];
}

/** Tokenizes a text once without cutting it: the least work of the best library. */
export function gptTokenizerPass(text: string): readonly Piece[] {
  return encode(text).length > 0 ? [{ text }] : [];
}
