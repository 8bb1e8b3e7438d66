import assert from "node:assert/strict";
import type { Chunk, Chunker } from "../spec/chunker.ts";
import type { Document } from "../spec/document.ts";
import type { Tokenizer } from "../spec/tokenizer.ts";
import { contractCases, type ContractCase } from "./contract-case.ts";

/** The settings of the chunker under test. */
export interface ChunkerContractOptions {
  /** The tokenizer with which the chunker counts. */
  readonly tokenizer: Tokenizer;
  /** The chunker's token limit. */
  readonly maxTokens: number;
}

const sentence = "A passage should read as one thought, and so it ends where a sentence does. ";

const texts: Readonly<Record<string, string>> = {
  "a word": "word",
  "white space around": "\n\n  one\n\n\n\ntwo \t\n",
  prose: Array.from({ length: 40 }, (_, i) => `${i}. ${sentence}${i % 5 === 4 ? "\n\n" : ""}`).join(""),
  "one sentence many times": sentence.repeat(200),
  "headings and a table": `# One\n\n${sentence.repeat(9)}\n\n## Two\n\n| a | b |\n|---|---|\n${"| 1 | 2 |\n".repeat(90)}\n`,
  "an open fence": `Text\n\n\`\`\`js\n${"const answer = compute(42);\n".repeat(120)}`,
  "CRLF lines": `Title\r\n=====\r\n\r\n${`${sentence}\r\n`.repeat(60)}`,
  "one letter": "a".repeat(6_000),
  "no spaces": "漢字仮名交文".repeat(700),
  "Chinese sentences": "检索的质量取决于段落从哪里开始。".repeat(150),
  "one line of code": "function f(a,b){return a?b:f(b,a)};var x=[1,2,3];".repeat(120),
  "combining marks": `e${"\u0301".repeat(3_000)}`,
  "joined emoji": "👩‍👩‍👧‍👦🇩🇪👍🏽".repeat(250),
  "lone surrogates": "\ud83d \udc00x\ud800".repeat(400),
  "long blank stretches": `a${" ".repeat(9_000)}b${"\n".repeat(9_000)}c`,
  "special tokens": "<|endoftext|>".repeat(300),
};

function document(text: string): Document {
  return { id: "contract", text, mediaType: "text/plain", metadata: { source: "contract" } };
}

/** The contract of chunkers, checked on texts of many kinds. */
export function chunkerContract(
  create: () => Promise<Chunker>,
  { tokenizer, maxTokens }: ChunkerContractOptions,
): readonly ContractCase[] {
  const eachText =
    (check: (chunks: readonly Chunk[], text: string, name: string) => void) =>
    async (chunker: Chunker): Promise<void> => {
      for (const [name, text] of Object.entries(texts)) check([...chunker.chunk(document(text))], text, name);
    };
  return contractCases(create, () => Promise.resolve(), [
    [
      "shares its id with an equally configured chunker",
      async (chunker) => {
        assert.notEqual(chunker.id, "");
        assert.equal((await create()).id, chunker.id);
      },
    ],
    [
      "yields nothing for an empty or blank document",
      async (chunker) => {
        for (const text of ["", " ", "\n\t\r\n \u00a0"])
          assert.deepEqual([...chunker.chunk(document(text))], []);
      },
    ],
    [
      "returns the exact slice between start and end, never blank",
      eachText((chunks, text, name) => {
        for (const { start, end, text: slice } of chunks) {
          assert.equal(text.slice(start, end), slice, name);
          assert.notEqual(slice.trim(), "", name);
        }
      }),
    ],
    [
      "counts the tokens of each slice, never more than the limit",
      eachText((chunks, _text, name) => {
        for (const { text: slice, tokens } of chunks) {
          assert.equal(tokens, tokenizer.count(slice), name);
          assert.ok(tokens <= maxTokens, `${name}: ${tokens} tokens`);
        }
      }),
    ],
    [
      "covers every character that is not white space",
      eachText((chunks, text, name) => {
        let covered = 0;
        for (const { start, end } of chunks) {
          assert.equal(text.slice(covered, Math.max(covered, start)).trim(), "", name);
          covered = Math.max(covered, end);
        }
        assert.equal(text.slice(covered).trim(), "", name);
      }),
    ],
    [
      "numbers the chunks from 0, with ascending starts and ends",
      eachText((chunks, _text, name) => {
        chunks.forEach((chunk, i) => {
          assert.equal(chunk.index, i, name);
          const before = chunks[i - 1];
          if (before === undefined) return;
          assert.ok(chunk.start > before.start && chunk.end > before.end, name);
        });
      }),
    ],
    [
      "cuts no surrogate pair in two",
      eachText((chunks, text, name) => {
        const splits = (at: number) => /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(at - 1, at + 1));
        for (const { start, end } of chunks) assert.ok(!splits(start) && !splits(end), name);
      }),
    ],
    [
      "passes on the document's metadata",
      eachText((chunks, text, name) => {
        for (const { metadata } of chunks) assert.deepEqual(metadata, document(text).metadata, name);
      }),
    ],
    [
      "yields the same chunks every time, and only as many as are read",
      async (chunker) => {
        const text = texts["prose"] ?? "";
        const all = [...chunker.chunk(document(text))];
        assert.deepEqual([...chunker.chunk(document(text))], all);
        for (const chunk of chunker.chunk(document(text))) {
          assert.deepEqual(chunk, all[0]);
          break;
        }
      },
    ],
  ]);
}
