import { expect, test } from "vitest";
import { frontMatterBlock } from "./front-matter-block.ts";

const contentOf = (text: string): string | undefined => {
  const block = frontMatterBlock(text);
  return block && text.slice(block.content.start, block.content.end);
};

test("requires marks at the very start, after an optional byte order mark, with any line ends", () => {
  expect(frontMatterBlock("\ufeff---\r\na: 1\r\n... \r\n# A")).toEqual({
    language: "yaml",
    start: 1,
    content: { start: 6, end: 12 },
    end: 15,
    next: 18,
  });
  expect(contentOf("--- \na: 1\n---")).toBe("a: 1\n");
  expect(contentOf("+++\na = 1\n\nb = 2\n+++\n")).toBe("a = 1\n\nb = 2\n");
  expect(contentOf("---\n---\n# A")).toBe("");
  for (const text of [
    "",
    "---",
    "---\na: 1\n",
    "---\na: 1\n ---\n",
    "\n---\na: 1\n---\n",
    "+++\na = 1\n---\n",
  ]) {
    expect({ text, content: contentOf(text) }).toEqual({ text, content: undefined });
  }
});

test("accepts YAML mappings as people write them", () => {
  for (const content of [
    "title: x",
    "title:",
    "# comment\n\ntitle: x",
    "\ntitle: x\n\n# comment\n\nother-key: y\n\n",
    "\"quoted: key\": 1\n\n'other': 2\n",
    "{ title: x }",
    "date: 2024-05-01\ntags:\n- a\n\n- b\n\n-\n  c",
    "text: |\n\n  # no heading\n\n  no key\n\nlist: [\n  a,\n\n]",
    "<<: { a: 1 }\n\n? [p, q]\n: y",
    "Schlüssel: ja\n\nlayout : page\n\nurl: http://x.y\n\n-x: 1",
  ]) {
    expect({ content, seen: contentOf(`---\n${content}\n---\n`) }).toEqual({ content, seen: `${content}\n` });
  }
});

test("accepts invalid YAML, because the YAML reader reports it", () => {
  expect(contentOf("---\na: [\n---\n")).toBe("a: [\n");
  expect(contentOf("---\na: long\ntext that goes on\n---\n")).toBe("a: long\ntext that goes on\n");
});

test("rejects the beginning of a page between two thematic breaks", () => {
  for (const content of [
    "\n# Rule first\n\ntext\n",
    "\n# Note: x\n",
    "\n# Rule first\n\nNote: this reads as a key.\n",
    "Note: this reads as a key.\n\nThis does not.\n",
    "just words",
    "- 1\n- 2",
    "**Note:** bold",
    "[label]: http://x.y",
    "> quoted: text",
    '<a title="b: c">',
    "| a: | b |",
    "    code: 1",
    "![image: one](x)",
    '"Words," she said',
  ]) {
    expect({ content, seen: contentOf(`---\n${content}\n---\n`) }).toEqual({ content, seen: undefined });
  }
});

test("accepts at most 16,384 characters", () => {
  const filled = (length: number): string => `---\na: ${"x".repeat(length - 11)}\n---`;
  expect(filled(16_384)).toHaveLength(16_384);
  expect(frontMatterBlock(filled(16_384))?.end).toBe(16_384);
  expect(frontMatterBlock(`\ufeff${filled(16_384)}`)?.end).toBe(16_385);
  expect(frontMatterBlock(filled(16_385))).toBeUndefined();
});
