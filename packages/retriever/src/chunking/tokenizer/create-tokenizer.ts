import { UnsupportedError, type Tokenizer } from "@binnacle/core";
import { parseOptions } from "@binnacle/core/kit";
import { z } from "zod";
import { BytePairTokenizer } from "./byte-pair-tokenizer.ts";
import { createClassAt, type ClassAt } from "./character-classes.ts";
import { cl100kPieceEnd, o200kPieceEnd, r50kPieceEnd, type PieceEnd } from "./split-pieces.ts";
import { createVocabulary } from "./vocabulary.ts";

/** A vocabulary that {@link createTokenizer} can load. */
export type VocabularyName = "o200k_base" | "cl100k_base" | "p50k_base" | "p50k_edit" | "r50k_base" | "gpt2";

const names: readonly VocabularyName[] = [
  "o200k_base",
  "cl100k_base",
  "p50k_base",
  "p50k_edit",
  "r50k_base",
  "gpt2",
];

interface RankFile {
  readonly pat_str: string;
  readonly bpe_ranks: string;
}

/**
 * Loads a vocabulary. The paths are literal, so that a bundler finds them and only the chosen vocabulary is
 * read.
 */
async function loadRanks(name: VocabularyName): Promise<RankFile> {
  switch (name) {
    case "o200k_base":
      return (await import("js-tiktoken/ranks/o200k_base")).default;
    case "cl100k_base":
      return (await import("js-tiktoken/ranks/cl100k_base")).default;
    case "p50k_base":
      return (await import("js-tiktoken/ranks/p50k_base")).default;
    case "p50k_edit":
      return (await import("js-tiktoken/ranks/p50k_edit")).default;
    case "r50k_base":
      return (await import("js-tiktoken/ranks/r50k_base")).default;
    case "gpt2":
      return (await import("js-tiktoken/ranks/gpt2")).default;
    default:
      return name satisfies never;
  }
}

const cased = String.raw`'s|'S|'t|'T|'re|'rE|'Re|'RE|'ve|'vE|'Ve|'VE|'m|'M|'ll|'lL|'Ll|'LL|'d|'D`;

/** The split patterns that `split-pieces.ts` implements. Another pattern would yield other tokens. */
const splits: ReadonlyMap<string, (classAt: ClassAt) => PieceEnd> = new Map([
  [
    String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(${cased})?|` +
      String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(${cased})?|` +
      String.raw`\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
    o200kPieceEnd,
  ],
  [
    String.raw`(${cased})|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
    cl100kPieceEnd,
  ],
  [String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`, r50kPieceEnd],
]);

/**
 * Creates a tokenizer that yields the same ids as js-tiktoken's `encode(text, [], [])`. It takes linear time
 * for ordinary text and n log n at worst. Keep and share it, because each tokenizer reads a rank file and
 * holds about 10 MB of tables. Rejects with a `ConfigurationError` for an unknown vocabulary.
 */
export async function createTokenizer(name: VocabularyName = "o200k_base"): Promise<Tokenizer> {
  const id = parseOptions("createTokenizer", z.enum(names), name);
  const ranks = await loadRanks(id);
  const split = splits.get(ranks.pat_str);
  if (split === undefined) {
    throw new UnsupportedError(
      `createTokenizer: js-tiktoken's "${id}" splits words by an unknown pattern. Install the js-tiktoken version that this package depends on.`,
      { capability: id },
    );
  }
  const classAt = createClassAt();
  const vocabulary = createVocabulary(ranks.bpe_ranks);
  return new BytePairTokenizer({ id, vocabulary, classAt, pieceEnd: split(classAt) });
}
