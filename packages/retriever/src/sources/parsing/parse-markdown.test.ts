import type { BinnacleError } from "@binnacle/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseMarkdown } from "./parse-markdown.ts";

function parse(text: string) {
  const ignored: BinnacleError[] = [];
  return { ...parseMarkdown(text, (error) => ignored.push(error)), ignored };
}

test("the text is the file's own, whatever stands in front", () => {
  for (const text of ["", "# A\r\n\r\nb", "---\ntitle: T\n---\n# A\n", "\uFEFF---\na: 1\n---\nb", "---\n"]) {
    expect(parse(text).text).toBe(text);
  }
});

test("front matter becomes metadata and title", () => {
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

test("metadata survives JSON: infinities, not-a-number, minus zero and keys of other kinds become text", () => {
  const { metadata } = parse("---\na: .inf\nb: .nan\nc: -0.0\n1: x\n? [p, q]\n: y\n__proto__: z\n---\n");
  expect(JSON.parse(JSON.stringify(metadata))).toEqual(metadata);
  expect(metadata).toMatchObject({ a: "Infinity", b: "NaN", c: "0", 1: "x" });
  expect(Object.getPrototypeOf(metadata)).toBe(Object.prototype);
});

test("front matter that cannot be used is reported and costs no more than itself", () => {
  const bomb = `a: &a [x, x]\n${"bcdefghij".split("").map((name, i) => `${name}: &${name} [*${"abcdefghi".charAt(i)}, *${"abcdefghi".charAt(i)}, *${"abcdefghi".charAt(i)}]`).join("\n")}`; // prettier-ignore
  for (const yaml of ["a: [", "- 1\n- 2", "just words", "a: &x [*x]", "a: *missing", bomb]) {
    const { metadata, title, ignored } = parse(`---\n${yaml}\n---\n# Title\n`);
    expect(metadata).toEqual({});
    expect(title).toBe("Title");
    expect(ignored).toMatchObject([{ code: "invalid_front_matter" }]);
  }
});

test("a rule is not front matter", () => {
  expect(parse("---\n\n# Title\n\ntext").metadata).toEqual({});
  expect(parse("# Title\n\n---\na: 1\n---\n")).toMatchObject({ title: "Title", metadata: {}, ignored: [] });
});

test("the title is the first heading outside code, in words", () => {
  const titles: readonly (readonly [string, string | undefined])[] = [
    ["text\n\n## The `code` of **tea** ##\n", "The code of tea"],
    ["```md\n# no\n```\n~~~~\n```\n# no\n~~~~\n# yes", "yes"],
    ["Over\n====\n", "Over"],
    ["- item\n---\n\n# Real", "Real"],
    ["# [Tea](https://x.org/(a)) {#tea}", "Tea)"],
    ["#no\n####### no\n    # no", undefined],
    ["#\n# A", "A"],
    ["", undefined],
    ["\ufeff# Title\n\nbody\n", "Title"],
    ["\ufeff```sh\n# comment\n```\n\n# Real\n", "Real"],
  ];
  for (const [text, title] of titles) expect(parse(text).title).toBe(title);
});

test("no text makes it fail or change", () => {
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
      expect(parsed.text).toBe(text);
      expect(JSON.parse(JSON.stringify(parsed.metadata))).toEqual(parsed.metadata);
    }),
  );
});
