import type { Chunk, Chunker, Document, OutlineNode, Tokenizer } from "@binnacle/core";
import { chunkerContract } from "@binnacle/core/testing";
import fc from "fast-check";
import { beforeAll, describe, expect, inject, test } from "vitest";
import type { ChunkerOptions } from "./chunker-options.ts";
import { frontMatterBlock } from "./markdown/front-matter-block.ts";
import { createChunker } from "./create-chunker.ts";
import { createOutlineChunker } from "./create-outline-chunker.ts";
import { createTextChunker } from "./create-text-chunker.ts";
import { arbitraryText } from "./fixtures/arbitrary-text.ts";
import { createMarkdownChunker } from "./markdown/create-markdown-chunker.ts";
import { createEstimatingTokenizer } from "./tokenizer/create-estimating-tokenizer.ts";
import { createTokenizer } from "./tokenizer/create-tokenizer.ts";

const factories: Readonly<Record<string, (options: ChunkerOptions) => Promise<Chunker>>> = {
  text: createTextChunker,
  markdown: createMarkdownChunker,
  outline: createOutlineChunker,
  automatic: createChunker,
};

let o200k: Tokenizer;
beforeAll(async () => {
  o200k = await createTokenizer("o200k_base");
});

/** Creates an outline as a source makes it: ordered by start, with nested or disjoint nodes. */
function outlineOf(text: string, seeds: readonly number[]): readonly OutlineNode[] {
  const nodes: OutlineNode[] = [];
  const divide = (start: number, end: number, path: readonly string[]): void => {
    const seed = seeds[nodes.length];
    if (seed === undefined || end - start < 2 || path.length > 4) return;
    const from = start + (seed % Math.ceil((end - start) / 2));
    const to = from + 1 + ((seed >> 8) % (end - from));
    const name = `part ${seed % 5}`;
    const samePath = seed % 3 === 0;
    const here = samePath ? path : [...path, name];
    const kind = ["section", "heading", "table", "code"][seed % 4] ?? "section";
    const header = seed % 5 === 0 ? { start: from, end: from + ((to - from) >> 1) } : undefined;
    nodes.push({ start: from, end: to, path: here, kind, keepWhole: seed % 2 === 0, header });
    divide(from, to, here);
    divide(to, end, path);
  };
  divide(0, text.length, []);
  return nodes;
}

const documents: fc.Arbitrary<Document> = fc
  .tuple(
    arbitraryText,
    fc.constantFrom("text/plain", "text/markdown"),
    fc.array(fc.nat(100_000), { maxLength: 8 }),
  )
  .map(([text, mediaType, seeds]) => ({
    id: "d",
    text,
    mediaType,
    metadata: {},
    outline: outlineOf(text, seeds),
  }));

const limits = fc
  .tuple(fc.constantFrom(8, 12, 20, 50, 300), fc.constantFrom(0, 0.1, 0.17, 0.5))
  .map(([maxTokens, share]) => ({ maxTokens, overlapTokens: Math.floor(maxTokens * share) }));

function expectPromises(
  chunks: readonly Chunk[],
  text: string,
  options: Required<ChunkerOptions>,
  firstCovered: number,
): void {
  const { maxTokens = 0, overlapTokens = 0, tokenizer = o200k } = options;
  let covered = firstCovered;
  let before = -1;
  for (const chunk of chunks) {
    expect(chunk.start).toBeGreaterThan(before);
    before = chunk.start;
    expect(text.slice(chunk.start, chunk.end)).toBe(chunk.text);
    expect(chunk.text.trim()).toBe(chunk.text);
    expect(chunk.text).not.toBe("");
    expect(chunk.tokens).toBe(tokenizer.count(chunk.text));
    expect(chunk.tokens).toBeLessThanOrEqual(maxTokens);
    expect(text.slice(covered, Math.max(covered, chunk.start)).trim()).toBe("");
    expect(tokenizer.count(text.slice(chunk.start, covered))).toBeLessThanOrEqual(overlapTokens);
    expect(chunk.end).toBeGreaterThan(covered);
    expect(splitsPair(text, chunk.start) || splitsPair(text, chunk.end)).toBe(false);
    covered = chunk.end;
  }
  expect(text.slice(covered).trim()).toBe("");
}

const splitsPair = (text: string, at: number): boolean =>
  /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(Math.max(0, at - 1), at + 1));

/** Returns the end of the front matter that the chunker leaves out. */
const matterEnd = (chunker: Chunker, { text, mediaType, outline = [] }: Document): number => {
  const isMarkdown =
    chunker.id.startsWith("markdown") || (mediaType === "text/markdown" && outline.length === 0);
  const reads = chunker.id.startsWith("markdown") || chunker.id.startsWith("auto");
  return isMarkdown && reads ? (frontMatterBlock(text)?.end ?? 0) : 0;
};

describe.each(Object.entries(factories))("the %s chunker", (_name, create) => {
  for (const [maxTokens, overlapTokens] of [
    [16, 2],
    [300, 37],
    [300, 150],
  ] as const) {
    const tokenizer = createEstimatingTokenizer();
    const make = () => create({ tokenizer, maxTokens, overlapTokens });
    for (const check of chunkerContract(make, { tokenizer, maxTokens })) {
      test(
        `keeps the contract: ${check.name} (estimated, ${maxTokens} tokens, overlap ${overlapTokens})`,
        check.run,
      );
    }
  }

  test("keeps the contract with the default vocabulary", async () => {
    const make = () => create({ tokenizer: o200k });
    for (const check of chunkerContract(make, { tokenizer: o200k, maxTokens: 300 })) await check.run();
  });

  test("keeps every promise for any text, outline and limits (T30, T31)", async () => {
    const estimate = createEstimatingTokenizer();
    const chunkers = new Map<string, Chunker>();
    await fc.assert(
      fc.asyncProperty(documents, limits, fc.boolean(), async (document, given, exact) => {
        const options = { ...given, tokenizer: exact ? o200k : estimate };
        const key = JSON.stringify([given, exact]);
        const chunker = chunkers.get(key) ?? (await create(options));
        chunkers.set(key, chunker);
        expectPromises([...chunker.chunk(document)], document.text, options, matterEnd(chunker, document));
      }),
      { numRuns: 300 * inject("propertyShare") },
    );
  });
});
