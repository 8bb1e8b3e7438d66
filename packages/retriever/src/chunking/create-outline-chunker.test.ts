import type { Chunk, OutlineNode, Tokenizer } from "@binnacle/core";
import { beforeAll, describe, expect, test } from "vitest";
import { createChunker } from "./create-chunker.ts";
import { createOutlineChunker } from "./create-outline-chunker.ts";
import { createTokenizer } from "./tokenizer/create-tokenizer.ts";

let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = await createTokenizer();
});

async function chunk(text: string, outline: readonly OutlineNode[]): Promise<readonly Chunk[]> {
  const chunker = await createOutlineChunker({ tokenizer });
  return [...chunker.chunk({ id: "d", text, mediaType: "text/plain", metadata: {}, outline })];
}

function node(text: string, part: string, fields: Omit<OutlineNode, "start" | "end">): OutlineNode {
  const start = text.indexOf(part);
  return { start, end: start + part.length, ...fields };
}

const prose = (word: string, count: number): string =>
  `A sentence about ${word} that says little. `.repeat(count).trim();
const summary = (chunks: readonly Chunk[]) => chunks.map(({ path, text }) => [path.join("/"), text]);

describe("createOutlineChunker", () => {
  test("cuts at the edges of sections and names them in path and context (T31)", async () => {
    const inner = `Inner\n${prose("inner things", 3)}`;
    const outer = `Outer\n${prose("outer things", 3)}\n${inner}\nBack in the outer part.`;
    const text = `Before.\n${outer}\nAfter.`;
    const chunks = await chunk(text, [
      node(text, outer, { kind: "section", path: ["Outer"] }),
      node(text, inner, { kind: "section", path: ["Outer", "Inner"] }),
    ]);
    expect(summary(chunks)).toEqual([
      ["", "Before."],
      ["Outer", `Outer\n${prose("outer things", 3)}`],
      ["Outer/Inner", inner],
      ["Outer", "Back in the outer part."],
      ["", "After."],
    ]);
    expect(chunks[2]?.context).toBe("Outer > Inner");
  });

  test("applies a heading's path to the text after it if the source marks only headings", async () => {
    const text = "One\ntext one\nTwo\ntext two";
    const chunks = await chunk(text, [
      node(text, "One", { kind: "heading", path: ["One"] }),
      node(text, "Two", { kind: "heading", path: ["Two"] }),
    ]);
    expect(summary(chunks)).toEqual([
      ["One", "One\ntext one"],
      ["Two", "Two\ntext two"],
    ]);
  });

  test("joins a title without text to its first part", async () => {
    const part = "Part\nText of the part.";
    const text = `Title\n${part}`;
    const chunks = await chunk(text, [
      node(text, text, { kind: "section", path: ["Title"] }),
      node(text, part, { kind: "section", path: ["Title", "Part"] }),
    ]);
    expect(summary(chunks)).toEqual([["Title/Part", text]]);
  });

  test("keeps a unit whole while it fits, and cuts it by its parts otherwise", async () => {
    for (const [count, expected] of [
      [10, [["Class", 1]]],
      [
        40,
        [
          ["Class", 1],
          ["Class/one", 2],
          ["Class/two", 2],
        ],
      ],
    ] as const) {
      const one = prose("the first method", count);
      const two = prose("the second method", count);
      const whole = `class {\n${one}\n${two}\n}`;
      const text = `${prose("the preamble", 30)}\n${whole}`;
      const chunks = await chunk(text, [
        node(text, whole, { kind: "class", path: ["Class"], keepWhole: true }),
        node(text, one, { kind: "method", path: ["Class", "one"], keepWhole: true }),
        node(text, two, { kind: "method", path: ["Class", "two"], keepWhole: true }),
      ]);
      const counts = Map.groupBy(chunks, ({ path }) => path.join("/"));
      for (const [path, least] of expected) expect(counts.get(path)?.length).toBeGreaterThanOrEqual(least);
      if (count === 10) expect(chunks.at(-1)?.text).toBe(whole);
    }
  });

  test("keeps a unit whole by the tokenizer's own count, however long its tokens are", async () => {
    const ends = (text: string) =>
      Uint32Array.from(text.matchAll(/\S+\s*|^\s+/g), ({ 0: word, index }) => index + word.length);
    const words: Tokenizer = {
      ...tokenizer,
      id: "words",
      encode: ends,
      ends,
      count: (text) => ends(text).length,
    };
    const chunker = await createOutlineChunker({ tokenizer: words, maxTokens: 8, overlapTokens: 0 });
    const inner = `${"a".repeat(400)} ${"b".repeat(400)}`;
    const whole = `${"c".repeat(400)} ${inner} ${"d".repeat(400)}`;
    const text = `${"before ".repeat(6)}\n${whole}`;
    const outline = [
      node(text, whole, { kind: "class", path: ["Class"], keepWhole: true }),
      node(text, inner, { kind: "method", path: ["Class", "one"] }),
    ];
    const chunks = [...chunker.chunk({ id: "d", text, mediaType: "text/plain", metadata: {}, outline })];
    expect(chunks.at(-1)?.text).toBe(whole);
  });

  test("keeps a table of a long section whole", async () => {
    const table = Array.from({ length: 30 }, (_, i) => `cell ${i}\tcell ${i + 1}`).join("\n");
    for (let before = 1; before < 40; before += 4) {
      const text = `${prose("much else", before)}\n${table}\n${prose("even more", 40)}`;
      const chunks = await chunk(text, [node(text, table, { kind: "table", path: [], keepWhole: true })]);
      expect(chunks.filter((one) => one.text.includes("cell 1\t"))).toHaveLength(1);
      expect(chunks.filter((one) => one.text.includes(table))).toHaveLength(1);
    }
  });

  test("adds the heading row to the context of each part of a table that does not fit", async () => {
    const rows = Array.from({ length: 120 }, (_, i) => `${1000 + i} | service ${i} | what it is for`);
    const table = ["Port | Name | Use", ...rows].join("\n");
    const text = `Ports\n\nOur ports.\n\n${table}\n\nThat is all.`;
    const start = text.indexOf(table);
    const outline: readonly OutlineNode[] = [
      { start: 0, end: text.length, kind: "section", path: ["Ports"] },
      {
        start,
        end: start + table.length,
        kind: "table",
        path: ["Ports"],
        keepWhole: true,
        header: { start, end: start + 17 },
      },
    ];
    const [first, ...others] = await chunk(text, outline);
    expect(first?.context).toBe("Ports");
    const parts = others.filter((part) => part.start < start + table.length);
    expect(parts.length).toBeGreaterThan(3);
    for (const { context } of parts) expect(context).toBe("Ports\nPort | Name | Use");
  });
});

describe("createChunker", () => {
  test("chooses by outline, then by media type without its parameters and case (T31)", async () => {
    const chunker = await createChunker({ tokenizer });
    const paths = (mediaType: string, outline?: readonly OutlineNode[]) =>
      [...chunker.chunk({ id: "d", text: "# A\n\ntext", mediaType, metadata: {}, outline })].map(
        ({ path }) => path,
      );
    expect(paths("text/plain")).toEqual([[]]);
    expect(paths("text/markdown")).toEqual([["A"]]);
    expect(paths("Text/Markdown; charset=utf-8")).toEqual([["A"]]);
    expect(paths("text/markdown", [])).toEqual([["A"]]);
    expect(paths("text/markdown", [{ start: 0, end: 9, kind: "section", path: ["B"] }])).toEqual([["B"]]);
  });
});
