import type { Chunk, Tokenizer } from "@binnacle/core";
import { beforeAll, describe, expect, test } from "vitest";
import type { ChunkerOptions } from "../chunker-options.ts";
import { createTokenizer } from "../tokenizer/create-tokenizer.ts";
import { createMarkdownChunker } from "./create-markdown-chunker.ts";

let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = await createTokenizer();
});

async function chunk(text: string, options: ChunkerOptions = {}): Promise<readonly Chunk[]> {
  const chunker = await createMarkdownChunker({ tokenizer, ...options });
  return [...chunker.chunk({ id: "d", text, mediaType: "text/markdown", metadata: {} })];
}

const prose = (count: number): string => "A sentence of running text that says little. ".repeat(count).trim();
const table = (rows: number): string =>
  `| Name | Meaning |\n| --- | --- |\n${Array.from({ length: rows }, (_, i) => `| name ${i} | what name ${i} means |`).join("\n")}`;
const code = (lines: number): string =>
  `\`\`\`ts\n${Array.from({ length: lines }, (_, i) => `const value${i} = compute(${i});`).join("\n")}\n\`\`\``;

describe("sections", () => {
  test("gives each section its heading path, in path and in context (T31, T33)", async () => {
    const chunks = await chunk(
      `Preamble.\n\n# A\n\nText a.\n\n## B \`code\` [link](x)\n\nText b.\n\nC\n=\n\nText c.`,
    );
    expect(chunks.map(({ path, context, text }) => ({ path, context, text }))).toEqual([
      { path: [], context: "", text: "Preamble." },
      { path: ["A"], context: "A", text: "# A\n\nText a." },
      { path: ["A", "B code link"], context: "A > B code link", text: "## B `code` [link](x)\n\nText b." },
      { path: ["C"], context: "C", text: "C\n=\n\nText c." },
    ]);
  });

  test("joins a heading without text to the deeper heading after it", async () => {
    const chunks = await chunk("# Page\n\n## One\n\nText one.\n\n## Empty\n\n## Two\n\nText two.");
    expect(chunks.map(({ path, text }) => [path.join("/"), text])).toEqual([
      ["Page/One", "# Page\n\n## One\n\nText one."],
      ["Page/Empty", "## Empty"],
      ["Page/Two", "## Two\n\nText two."],
    ]);
  });

  test("never lets a chunk or an overlap cross a heading", async () => {
    const text = Array.from({ length: 6 }, (_, i) => `## Part ${i}\n\n${prose(60)}`).join("\n\n");
    const chunks = await chunk(text);
    expect(chunks.length).toBeGreaterThan(12);
    for (const { text: slice, path } of chunks) {
      expect(slice.lastIndexOf("## Part")).toBeLessThanOrEqual(0);
      expect(path).toEqual(
        [`Part ${text.slice(0, text.indexOf(slice)).split("## Part").length - 1}`].map(() => path[0]),
      );
    }
  });

  test("leaves out front matter, which is metadata (X4)", async () => {
    const chunks = await chunk("---\ntitle: Page\n---\n\n# Page\n\nText.");
    expect(chunks.map(({ text }) => text)).toEqual(["# Page\n\nText."]);
  });

  test("finds the headings of a page that begins with a thematic break and has a second one", async () => {
    const chunks = await chunk("---\n\n# Rule first\n\ntext\n\n---\n\n## More\n\nx\n");
    expect(chunks.map(({ path, text }) => [path.join("/"), text])).toEqual([
      ["", "---"],
      ["Rule first", "# Rule first\n\ntext\n\n---"],
      ["Rule first/More", "## More\n\nx"],
    ]);
  });

  test("finds the heading after a byte order mark and keeps the offsets", async () => {
    const text = "\ufeff# Title\n\nbody\n";
    expect(await chunk(text)).toMatchObject([
      { path: ["Title"], start: 1, end: 14, text: "# Title\n\nbody" },
    ]);
    const fenced = await chunk("\ufeff```sh\n# comment\n```\n\n# Real\n\nbody");
    expect(fenced.map(({ path, text: slice }) => [path, slice])).toEqual([
      [[], "```sh\n# comment\n```"],
      [["Real"], "# Real\n\nbody"],
    ]);
  });

  test("shortens a very long heading in the context, but not in the text", async () => {
    const title = "endless ".repeat(500).trim();
    const [first] = await chunk(`# ${title}\n\nText.`);
    expect(first?.context.length).toBeLessThanOrEqual(200);
    expect(first?.text.startsWith("# endless endless")).toBe(true);
  });
});

describe("units", () => {
  test("keeps code whole if it fits, wherever in the section it is", async () => {
    for (let before = 0; before < 40; before += 3) {
      const chunks = await chunk(`# T\n\n${prose(before)}\n\n${code(22)}\n\n${prose(30)}`);
      expect(chunks.filter(({ text }) => text.includes(code(22)))).toHaveLength(1);
      expect(chunks.filter(({ text }) => text.includes("const value"))).toHaveLength(1);
    }
  });

  test("keeps a table whole if it fits the full limit", async () => {
    const whole = table(22);
    const size = tokenizer.count(whole);
    expect(size).toBeGreaterThan(250);
    expect(size).toBeLessThanOrEqual(300);
    for (let before = 0; before < 40; before += 3) {
      const chunks = await chunk(`${prose(before)}\n\n${whole}\n\n${prose(30)}`);
      expect(chunks.filter(({ text }) => text.includes(whole))).toHaveLength(1);
    }
  });

  test("keeps indented code whole if it fits exactly, because the first line's indentation is in no chunk", async () => {
    for (const words of [30, 60]) {
      const whole = "word ".repeat(words).trim();
      const maxTokens = tokenizer.count(whole);
      const chunks = await chunk(`Before.\n\n\t\t${whole}\n\nAfter.`, { maxTokens, overlapTokens: 8 });
      expect(chunks.map(({ text }) => text)).toContain(whole);
    }
  });

  test("cuts a table that does not fit between rows, and repeats its heading rows in the context", async () => {
    const [first, ...rest] = await chunk(`# T\n\n${prose(2)}\n\n${table(80)}`);
    expect(first?.context).toBe("T");
    expect(rest.length).toBeGreaterThan(3);
    for (const { text, context } of rest) {
      expect(text).toMatch(/^\| name \d+ \|.*\|$/s);
      expect(context).toBe("T\n| Name | Meaning |\n| --- | --- |");
    }
  });

  test("cuts code that does not fit between lines", async () => {
    for (const { text } of (await chunk(code(120))).slice(1)) {
      expect(text).toMatch(/^const value\d+ = compute\(\d+\);\n/);
      expect(text).toMatch(/(?:;|\n```)$/);
    }
  });

  test("prefers to begin a chunk at a list item", async () => {
    const list = Array.from({ length: 80 }, (_, i) => `- item ${i} goes on\n  over two lines`).join("\n");
    for (const { text } of await chunk(list, { overlapTokens: 0 }))
      expect(text).toMatch(/^- item \d+ goes on\n/);
  });
});

describe("text", () => {
  test("keeps the file's own text and offsets, even with CRLF", async () => {
    const text = `# Title\r\n\r\n${"A line of text here.\r\n".repeat(200)}`;
    const chunks = await chunk(text);
    expect(chunks.length).toBeGreaterThan(3);
    for (const { start, end, text: slice } of chunks) expect(text.slice(start, end)).toBe(slice);
  });

  test("tokenizes only the sections that the caller reads", async () => {
    let reached = 0;
    const watching: Tokenizer = {
      ...tokenizer,
      id: "watching",
      count: (text) => tokenizer.count(text),
      ends: (text) => ((reached += text.length), tokenizer.ends(text)),
      encode: (text) => tokenizer.encode(text),
    };
    const chunker = await createMarkdownChunker({ tokenizer: watching });
    const text = `# One\n\nText.\n\n# Two\n\n${prose(5_000)}`;
    for (const { text: slice } of chunker.chunk({
      id: "d",
      text,
      mediaType: "text/markdown",
      metadata: {},
    })) {
      expect(slice).toBe("# One\n\nText.");
      break;
    }
    expect(reached).toBeLessThan(20);
  });
});

test("cuts a long table only between rows, under its repeated heading (C1)", async () => {
  const cell = "the fee for each night in the harbour and the water from the tap";
  const rows = Array.from({ length: 30 }, (_, i) => `| berth ${i} | ${cell} | ${i} EUR |`);
  const table = ["| Berth | What | Fee |", "|---|---|---|", ...rows].join("\n");
  const chunker = await createMarkdownChunker({ maxTokens: 120, overlapTokens: 10 });
  const chunks = [...chunker.chunk({ id: "a", text: table, mediaType: "text/markdown", metadata: {} })];
  expect(chunks.length).toBeGreaterThan(4);
  expect(chunks.flatMap(({ text }) => text.split("\n"))).toEqual(table.split("\n"));
  for (const { context } of chunks.slice(1)) expect(context).toBe("| Berth | What | Fee |\n|---|---|---|");
});
