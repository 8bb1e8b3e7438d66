import type { Chunk, Chunker } from "@binnacle/core";
import { beforeAll, describe, expect, test } from "vitest";
import { createTextChunker } from "./create-text-chunker.ts";
import { realPages } from "./fixtures/real-pages.ts";
import { createMarkdownChunker } from "./markdown/create-markdown-chunker.ts";
import { scanBlocks } from "./markdown/scan-blocks.ts";

interface Edit {
  readonly page: string;
  readonly before: string;
  readonly after: string;
  readonly at: number;
}

/**
 * Edits the real pages sentence by sentence: each edit removes a sentence, changes it, or adds a new one
 * after it.
 */
function edits(): readonly Edit[] {
  return realPages().flatMap(({ name, text }) =>
    [...text.matchAll(/[A-Z][a-z]+ [^.\n#`|]{20,200}\. /g)].map(({ 0: sentence, index }, i) => {
      const changed = [
        "",
        sentence.replace(/ \w+ /, " other words "),
        `${sentence}A sentence was added here. `,
      ];
      const after = text.slice(0, index) + (changed[i % 3] ?? "") + text.slice(index + sentence.length);
      return { page: name, before: text, after, at: index };
    }),
  );
}

const chunk = (chunker: Chunker, text: string): readonly Chunk[] => [
  ...chunker.chunk({ id: "page", text, mediaType: "text/markdown", metadata: {} }),
];

const keyOf = ({ context, text }: Chunk): string => `${context}\0${text}`;

/** The chunks of each page before its edits. */
const known = new Map<Chunker, Map<string, ReadonlySet<string>>>();

function knownKeys(chunker: Chunker, text: string): ReadonlySet<string> {
  const pages = known.get(chunker) ?? new Map<string, ReadonlySet<string>>();
  known.set(chunker, pages);
  const keys = pages.get(text) ?? new Set(chunk(chunker, text).map(keyOf));
  pages.set(text, keys);
  return keys;
}

/** Returns the chunks that would be embedded again, because their context and text did not exist before. */
function changes(chunker: Chunker, { before, after }: Edit): readonly Chunk[] {
  const keys = knownKeys(chunker, before);
  return chunk(chunker, after).filter((one) => !keys.has(keyOf(one)));
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? NaN;

let markdown: Chunker;
let plain: Chunker;
beforeAll(async () => {
  markdown = await createMarkdownChunker();
  plain = await createTextChunker();
});

describe("boundaries after an edit", () => {
  test("changes at most 3 chunks of a real Markdown page in the median after one edited sentence (T31)", () => {
    const counts = edits().map((edit) => changes(markdown, edit).length);
    expect(counts.length).toBeGreaterThan(100);
    expect(median(counts)).toBeLessThanOrEqual(3);
    expect(Math.max(...counts)).toBeLessThanOrEqual(8);
  });

  test("changes nothing before the heading above the edit or after the heading below it (T31)", () => {
    for (const edit of edits()) {
      const headings = [...scanBlocks(edit.after)].filter((block) => block.kind === "heading");
      const from = headings.findLast((heading) => heading.end <= edit.at)?.start ?? 0;
      const to = headings.find((heading) => heading.start > edit.at)?.start ?? edit.after.length;
      // A heading without text is in the chunk of the section after it.
      const first = headings
        .filter((heading) => heading.start < from)
        .findLast(({ end }) => edit.after.slice(end, from).trim() !== "");
      for (const { start, end } of changes(markdown, edit)) {
        expect({ page: edit.page, ok: start >= (first?.end ?? 0) && end <= to }).toEqual({
          page: edit.page,
          ok: true,
        });
      }
    }
  });

  test("changes as few chunks in the median of a text without headings (T31)", () => {
    const counts = edits().map((edit) => changes(plain, edit).length);
    expect(median(counts)).toBeLessThanOrEqual(3);
  });

  test("keeps the chunks and contexts of a section that moves", () => {
    const section = "## Moves\n\n" + "It says the same thing wherever it stands in the page. ".repeat(60);
    const other = "## Stays\n\n" + "Something else is written in this part. ".repeat(30);
    const contents = (text: string) => chunk(markdown, text).map(keyOf).toSorted();
    expect(contents(`# Page\n\nIntro.\n\n${section}\n\n${other}`)).toEqual(
      contents(`# Page\n\nIntro.\n\n${other}\n\n${section}`),
    );
  });
});
