import { describe, expect, test } from "vitest";
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

describe("headings", () => {
  test("finds the same headings as markdown-it in texts of every kind of line", () => {
    for (const { text, headings: expected } of recorded) {
      const plain = expected.map((heading) => heading.replaceAll(/\s+/g, " ").trim());
      expect({ text, headings: headings(text) }).toEqual({ text, headings: plain });
    }
  });

  test("finds the same headings with CRLF line ends", () => {
    for (const { text, headings: expected } of recorded) {
      const plain = expected.map((heading) => heading.replaceAll(/\s+/g, " ").trim());
      expect(headings(text.replaceAll("\n", "\r\n"))).toEqual(plain);
    }
  });

  test("ends a quote after its code, so that the next line may begin a heading", () => {
    expect(headings("> ```\n> code\n> ```\nTitle\n===")).toEqual(["3 h1 Title"]);
    expect(headings("> ~~~\n> never closed\nTitle\n---")).toEqual(["2 h2 Title"]);
    expect(units("> > ```js\n    code")).toEqual(["code:     code"]);
    expect(headings("> ```\n> code\n> ```\n> text\ncontinued\n===")).toEqual([]);
    expect(headings(">     ```\n> text\ncontinued\n===")).toEqual([]);
  });

  test("finds no heading inside a fence, however long the fences inside it are", () => {
    expect(headings("````md\n```\n# inside\n```\n````\n# outside")).toEqual(["5 h1 outside"]);
    expect(headings("~~~\n# inside\n```\n~~~\n# outside")).toEqual(["4 h1 outside"]);
    expect(headings("```\n# never closed")).toEqual([]);
  });

  test("reads the first line after a byte order mark, which counts in the offsets", () => {
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
});

describe("units", () => {
  test("ends a fence in a list with its item", () => {
    expect(units("- step:\n\n  ```sh\n  npm ci\n  ```\n\n- next")).toEqual([
      "code:   ```sh\n  npm ci\n  ```",
    ]);
    expect(units("1. ```js\n   open()\n\nafter")).toEqual(["code: 1. ```js\n   open()"]);
  });

  test("returns a table with its heading row, up to the next blank line", () => {
    const text = "intro\n\n| a | b \\| c |\n|:--|--:|\n| 1 | 2 |\n| 3 |\n\nafter";
    const [table] = scanBlocks(text);
    if (table?.kind !== "table") throw new Error("expected a table");
    expect(text.slice(table.start, table.end)).toBe("| a | b \\| c |\n|:--|--:|\n| 1 | 2 |\n| 3 |");
    expect(text.slice(table.header?.start, table.header?.end)).toBe("| a | b \\| c |\n|:--|--:|");
  });

  test("does not take a delimiter row of another width for a table", () => {
    expect(units("| a | b |\n|---|\n")).toEqual([]);
  });

  test("accepts front matter only at the very start and only if it is closed", () => {
    expect(units("---\ntitle: x\n---\n# A")).toEqual(["frontMatter: ---\ntitle: x\n---"]);
    expect(units("\ufeff+++\ntitle = 1\n+++\ntext")).toEqual(["frontMatter: +++\ntitle = 1\n+++"]);
    expect(units("text\n\n---\ntitle: x\n---\n")).toEqual([]);
    expect(headings("---\nnever closed\n# A")).toEqual(["2 h1 A"]);
  });

  test("ends an HTML block at its end mark or at a blank line", () => {
    expect(units("<!-- one\n\n# two -->\ntext")).toEqual(["html: <!-- one\n\n# two -->"]);
    expect(units("<details>\n# no heading\n\n# heading")).toEqual(["html: <details>\n# no heading"]);
  });

  test("finds indented code, but not in a paragraph or a list", () => {
    expect(units("text\n\n    one\n\n    two\n\nafter")).toEqual(["code:     one\n\n    two"]);
    expect(units("text\n    still text")).toEqual([]);
    expect(units("- item\n\n    more of the item")).toEqual([]);
  });
});

describe("time", () => {
  test("reads fifty thousand lines that each could require a search ahead, in linear time", () => {
    // A search to the end of the text from every line would exceed the test's timeout.
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
});
