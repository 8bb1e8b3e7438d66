import type { BinnacleError } from "@binnacle/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMarkdownChunker } from "../../chunking/markdown/create-markdown-chunker.ts";
import { createEstimatingTokenizer } from "../../chunking/tokenizer/create-estimating-tokenizer.ts";
import { parseMarkdown } from "./parse-markdown.ts";

function parse(text: string) {
  const ignored: BinnacleError[] = [];
  return { ...parseMarkdown(text, (error) => ignored.push(error)), ignored };
}

describe("text", () => {
  test("keeps the file's own text, and puts blanks for front matter and comments, so that offsets stay (X4)", () => {
    for (const [text, expected] of [
      ["", ""],
      ["# A\r\n\r\nb", "# A\r\n\r\nb"],
      ["---\ntitle: T\n---\n# A\n", "   \n        \n   \n# A\n"],
      ["\uFEFF---\na: 1\n---\nb", "\uFEFF   \n    \n   \nb"],
      ["---\n", "---\n"],
      ["a <!-- x\ny --> b", "a       \n      b"],
      ["<!-- one --><!-- 😀 -->\n", `${" ".repeat(23)}\n`],
      ["[//]: # (note)\n[comment]: <> (note)\ntext", "              \n                    \ntext"],
      ["{/* note */} text", "             text"],
      ["`<!-- code -->` and ```` `<!--` ```` -->", "`<!-- code -->` and ```` `<!--` ```` -->"],
      ["```\n<!-- code -->\n```\n<!-- x -->", "```\n<!-- code -->\n```\n          "],
      ["a lone ` tick <!-- x -->", "a lone ` tick           "],
      ["<!-- never closed", "<!-- never closed"],
    ] as const) {
      expect(parse(text).text).toBe(expected);
    }
  });

  test("reads 300,000 comments that are never closed at once", () => {
    for (const mark of ["<!-- ", "{/* "]) {
      const text = mark.repeat(300_000);
      const started = performance.now();
      expect(parse(text).text).toBe(text);
      expect(performance.now() - started).toBeLessThan(5_000);
    }
  });

  test("never throws and never changes the text's length", () => {
    const line = fc.constantFrom(
      "---",
      "...",
      "a: b",
      "- x",
      "# h",
      "===",
      "```",
      "",
      " ",
      "[",
      "*x",
      "&x",
      "\uFEFF---",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(line, fc.string()), { maxLength: 12 }), (lines) => {
        const text = lines.join("\n");
        const parsed = parse(text);
        expect(parsed.text).toHaveLength(text.length);
        expect(JSON.parse(JSON.stringify(parsed.metadata))).toEqual(parsed.metadata);
      }),
    );
  });
});

describe("front matter", () => {
  test("turns front matter into metadata and title", () => {
    const { metadata, title, ignored } = parse(
      "---\ntitle: ' Tea '\ntags: [a, b]\ndate: 2024-05-01\nnested: { deep: null, on: true }\nn: 1.5\n---\n# Other\n",
    );
    expect(title).toBe("Tea");
    expect(metadata).toEqual({
      title: " Tea ",
      tags: ["a", "b"],
      date: "2024-05-01",
      nested: { deep: null, on: true },
      n: 1.5,
    });
    expect(ignored).toEqual([]);
  });

  test("converts values that JSON cannot hold into text: infinities, NaN, minus zero, and keys of other types", () => {
    const { metadata } = parse("---\na: .inf\nb: .nan\nc: -0.0\n1: x\n? [p, q]\n: y\n__proto__: z\n---\n");
    expect(JSON.parse(JSON.stringify(metadata))).toEqual(metadata);
    expect(metadata).toMatchObject({ a: "Infinity", b: "NaN", c: "0", 1: "x" });
    expect(Object.getPrototypeOf(metadata)).toBe(Object.prototype);
  });

  test("reports invalid front matter and still reads the document", () => {
    const bomb = `a: &a [x, x]\n${"bcdefghij".split("").map((name, i) => `${name}: &${name} [*${"abcdefghi".charAt(i)}, *${"abcdefghi".charAt(i)}, *${"abcdefghi".charAt(i)}]`).join("\n")}`; // prettier-ignore
    for (const yaml of ["a: [", "a: long\ntext", "a: &x [*x]", "a: *missing", bomb]) {
      const { metadata, title, ignored } = parse(`---\n${yaml}\n---\n# Title\n`);
      expect(metadata).toEqual({});
      expect(title).toBe("Title");
      expect(ignored).toMatchObject([{ code: "invalid_front_matter" }]);
    }
  });

  test("uses the last of several equal keys", () => {
    expect(parse("---\na: 1\ntitle: One\na: 3\ntitle: Two\n---\n")).toMatchObject({
      metadata: { a: 3, title: "Two" },
      title: "Two",
      ignored: [],
    });
  });

  test("reads unusual front matter in linear time", () => {
    // A YAML reader takes up to two seconds for such a text.
    for (const text of ["k:\n", "[", "{", "a: [\n", "&a ", "a: b\n", "k: &a\n"]) {
      const before = process.cpuUsage().user;
      const long = parse(`---\nkey: x\n${text.repeat(60_000 / text.length)}\n\n---\n\n# Title\n`);
      expect(long).toMatchObject({ metadata: {}, title: "Title", ignored: [] });
      expect(process.cpuUsage().user - before).toBeLessThan(1_000_000);
    }
    const keys = Array.from({ length: 2_000 }, (_, i) => `k${i}:\n`).join("");
    expect(Object.keys(parse(`---\n${keys}---\n`).metadata)).toHaveLength(2_000);
  });

  test("does not take a thematic break for front matter", () => {
    expect(parse("---\n\n# Title\n\ntext").metadata).toEqual({});
    expect(parse("# Title\n\n---\na: 1\n---\n")).toMatchObject({ title: "Title", metadata: {}, ignored: [] });
    for (const text of [
      "---\n\n# Rule first\n\ntext\n\n---\n\n## More\n\nx\n",
      "---\njust words\n\n# Rule first\n---\n",
      "---\n- 1\n- 2\n---\n# Rule first\n",
    ]) {
      expect(parse(text)).toMatchObject({ metadata: {}, ignored: [] });
    }
    expect(parse("---\n\n# Rule first\n\ntext\n\n---\n\n## More\n").title).toBe("Rule first");
  });
});

describe("title", () => {
  test("uses the first heading outside code as title, without markup", () => {
    const titles: readonly (readonly [string, string | undefined])[] = [
      ["text\n\n## The `code` of **tea** ##\n", "The code of tea"],
      ["```md\n# no\n```\n~~~~\n```\n# no\n~~~~\n# yes", "yes"],
      ["Over\n====\n", "Over"],
      ["- item\n---\n\n# Real", "Real"],
      ["# [Tea](https://x.org/(a)) {#tea}", "Tea"],
      ["#no\n####### no\n    # no", undefined],
      ["#\n# ![](logo.png)\n# A", "A"],
      ["", undefined],
      ["\ufeff# Title\n\nbody\n", "Title"],
      ["\ufeff```sh\n# comment\n```\n\n# Real\n", "Real"],
    ];
    for (const [text, title] of titles) expect(parse(text).title).toBe(title);
  });

  test("uses the same first heading as the Markdown chunker's paths", async () => {
    const chunker = await createMarkdownChunker({ tokenizer: createEstimatingTokenizer() });
    for (const [text, title] of [
      ["<!--\n# no\n-->\n\n# Real\n", "Real"],
      ["<pre>\n\n# no\n</pre>\n# Real\n", "Real"],
      ["Over\ntwo lines\n===\n", "Over two lines"],
      ["+++\n# no\ntitle = 1\n+++\n# Real\n", "Real"],
      ["- # no\n\n1. two\n   # no\n\n# Real\n", "Real"],
      ["> # no\n\n# Real\n", "Real"],
      ["# [`foo`](http://x/y_(z))\n", "foo"],
      ["# x < y and z > w\n", "x < y and z > w"],
      ["# `__init__` *of* AT&amp;T\n", "__init__ of AT&T"],
      [`${"text\n".repeat(300)}\n# Real\n`, "Real"],
    ] as const) {
      const parsed = parse(text);
      expect(parsed).toMatchObject({ title });
      expect([...chunker.chunk({ ...parsed, id: "d" })].at(-1)?.path).toEqual([title]);
    }
  });

  test("keeps the spelling of a title that is a number", () => {
    for (const [yaml, title] of [
      ["title: 2024", "2024"],
      ["title: 1.10", "1.10"],
      ["title: &a 007\nb: *a", "007"],
      ["a: &a 2.0\ntitle: *a", "2"],
      ["title: ''", "Heading"],
      ["title: [a]", "Heading"],
    ] as const) {
      expect(parse(`---\n${yaml}\n---\n# Heading\n`).title).toBe(title);
    }
  });
});
