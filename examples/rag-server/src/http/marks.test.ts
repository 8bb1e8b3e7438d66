import { expect, test } from "vitest";

interface Part {
  readonly text: string;
  readonly marked: boolean;
}

// The page's own module. It has no build step and no type check.
const page: {
  markRange(text: string, from: number, to: number): string;
  splitMarked(text: string, isMarked: boolean): readonly Part[];
} = await import(new URL("../../public/marks.js", import.meta.url).href);

/** Writes the marks of a range as brackets. */
function marked(text: string, range: string): string {
  const from = text.indexOf(range);
  const shown = page.markRange(text, from, from + range.length);
  return shown.replace("\uE000", "«").replace("\uE001", "»");
}

test.each([
  ["inside a sentence", "One two three.", "two", "One «two» three."],
  ["behind the sign of a heading", "## Head\n\nText.", "## Head\n\nText.", "## «Head\n\nText.»"],
  ["behind the sign of an item", "- one\n- two", "- two", "- one\n- «two»"],
  ["below an opening fence", "```sh\nrun\n```\n", "```sh\nrun\n```", "```sh\n«run»\n```\n"],
  ["between the cells of a table", "| a |\n| - |\n| b |", "| b |", "| a |\n| - |\n| «b |»"],
  ["before the space at the end", "One.\n\nTwo.", "One.\n\n", "«One.»\n\nTwo."],
])("puts the marks %s", (_, text, range, expected) => {
  expect(marked(text, range)).toBe(expected);
});

test("splits a text at the marks", () => {
  const [first, second] = page.markRange("One two three", 4, 7).split("two");
  expect(page.splitMarked(`${first}two${second}`, false)).toEqual([
    { text: "One ", marked: false },
    { text: "two", marked: true },
    { text: " three", marked: false },
  ]);
  expect(page.splitMarked("all", true)).toEqual([{ text: "all", marked: true }]);
});

test("keeps a text that has the mark's own characters", () => {
  expect(page.markRange("a\uE000b", 2, 3)).toBe("a \uE000b\uE001");
});
