import { expect, test } from "vitest";
import recorded from "./fixtures/headings.json" with { type: "json" };
import { scanBlocks } from "./scan-blocks.ts";

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split("\n").length - 1;

function headings(text: string): readonly string[] {
  return [...scanBlocks(text)].flatMap((block) =>
    block.kind === "heading"
      ? [`${lineAt(text, block.start)} h${block.level} ${block.title}`.replaceAll(/\s+/g, " ").trim()]
      : [],
  );
}

function units(text: string): readonly string[] {
  return [...scanBlocks(text)].flatMap((block) =>
    block.kind === "heading" ? [] : [`${block.kind}: ${text.slice(block.start, block.end)}`],
  );
}

test("finds the headings that markdown-it finds, in texts of every kind of line", () => {
  for (const { text, headings: expected } of recorded) {
    const plain = expected.map((heading) => heading.replaceAll(/\s+/g, " ").trim());
    expect({ text, headings: headings(text) }).toEqual({ text, headings: plain });
  }
});

test("a quote that ends with code is not continued by the line after it, which may begin a heading", () => {
  expect(headings("> ```\n> code\n> ```\nTitle\n===")).toEqual(["3 h1 Title"]);
  expect(headings("> ~~~\n> never closed\nTitle\n---")).toEqual(["2 h2 Title"]);
  expect(units("> > ```js\n    code")).toEqual(["code:     code"]);
  expect(headings("> ```\n> code\n> ```\n> text\ncontinued\n===")).toEqual([]);
  expect(headings(">     ```\n> text\ncontinued\n===")).toEqual([]);
});

test("finds the same headings with CRLF line ends", () => {
  for (const { text, headings: expected } of recorded) {
    const plain = expected.map((heading) => heading.replaceAll(/\s+/g, " ").trim());
    expect(headings(text.replaceAll("\n", "\r\n"))).toEqual(plain);
  }
});

test("sees no heading inside a fence, however long the fences inside it", () => {
  expect(headings("````md\n```\n# inside\n```\n````\n# outside")).toEqual(["5 h1 outside"]);
  expect(headings("~~~\n# inside\n```\n~~~\n# outside")).toEqual(["4 h1 outside"]);
  expect(headings("```\n# never closed")).toEqual([]);
});

test("takes a fence in a list as a unit that ends with its item", () => {
  expect(units("- step:\n\n  ```sh\n  npm ci\n  ```\n\n- next")).toEqual(["code:   ```sh\n  npm ci\n  ```"]);
  expect(units("1. ```js\n   open()\n\nafter")).toEqual(["code: 1. ```js\n   open()"]);
});

test("takes a table with its heading row, up to the blank line after it", () => {
  const text = "intro\n\n| a | b \\| c |\n|:--|--:|\n| 1 | 2 |\n| 3 |\n\nafter";
  const [table] = scanBlocks(text);
  if (table?.kind !== "table") throw new Error("expected a table");
  expect(text.slice(table.start, table.end)).toBe("| a | b \\| c |\n|:--|--:|\n| 1 | 2 |\n| 3 |");
  expect(text.slice(table.header?.start, table.header?.end)).toBe("| a | b \\| c |\n|:--|--:|");
});

test("takes a row of dashes of another width for no table", () => {
  expect(units("| a | b |\n|---|\n")).toEqual([]);
});

test("takes front matter only at the very start, and only when it is closed", () => {
  expect(units("---\ntitle: x\n---\n# A")).toEqual(["frontMatter: ---\ntitle: x\n---"]);
  expect(units("\ufeff+++\ntitle = 1\n+++\ntext")).toEqual(["frontMatter: +++\ntitle = 1\n+++"]);
  expect(units("text\n\n---\ntitle: x\n---\n")).toEqual([]);
  expect(headings("---\nnever closed\n# A")).toEqual(["2 h1 A"]);
});

test("sees the first line behind a byte order mark, which counts in the offsets", () => {
  const text = "\ufeff# Title\n\nbody\n";
  expect(headings(text)).toEqual(["0 h1 Title"]);
  expect([...scanBlocks(text)]).toMatchObject([{ start: 1, end: 8 }]);
  expect(headings("\ufeffTitle\n=\n")).toEqual(["0 h1 Title"]);
  expect(units("\ufeff```sh\n# comment\n```\n\n# Real\n")).toEqual(["code: ```sh\n# comment\n```"]);
  expect(headings("\ufeff```sh\n# comment\n```\n\n# Real\n")).toEqual(["4 h1 Real"]);
  for (const { text: plain, headings: expected } of recorded) {
    const titles = expected.map((heading) => heading.replaceAll(/\s+/g, " ").trim());
    expect(headings(`\ufeff${plain}`)).toEqual(titles);
  }
});

test("takes HTML up to its end mark or to a blank line", () => {
  expect(units("<!-- one\n\n# two -->\ntext")).toEqual(["html: <!-- one\n\n# two -->"]);
  expect(units("<details>\n# no heading\n\n# heading")).toEqual(["html: <details>\n# no heading"]);
});

test("takes indented code, but not the second line of a paragraph or a list", () => {
  expect(units("text\n\n    one\n\n    two\n\nafter")).toEqual(["code:     one\n\n    two"]);
  expect(units("text\n    still text")).toEqual([]);
  expect(units("- item\n\n    more of the item")).toEqual([]);
});

test("finishes on fifty thousand lines that each ask to look ahead", () => {
  // Looking ahead to the end of the text from every line would take longer than a test may.
  for (const line of [
    "| a | b\n",
    "<a\n",
    "> - # x\n",
    "[a\n",
    "```x`\n",
    "- \n",
    "#\n",
    "\t\n",
    "<!--",
    "---\n",
  ]) {
    expect([...scanBlocks(line.repeat(50_000))].length).toBeLessThanOrEqual(50_000);
  }
});
