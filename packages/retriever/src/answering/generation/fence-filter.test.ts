import fc from "fast-check";
import { expect, test } from "vitest";
import { FenceFilter } from "./fence-filter.ts";

const filtered = (pieces: readonly string[]): string => {
  const filter = new FenceFilter(["When does the gate open?"]);
  return pieces.map((piece) => filter.add(piece)).join("") + filter.end();
};

const answers: readonly (readonly [written: string, shown: string])[] = [
  ["<source-3f2a1c 1: Gate>\nThe gate opens at six.\n</source-3f2a1c> [1]", "The gate opens at six.\n[1]"],
  ["Question: When?\nAt six [1].", "At six [1]."],
  ["At six [1].\n\n**Question:** When does the gate open?\nAt ten [2].", "At six [1].\n\nAt ten [2]."],
  ["At six.\nQuestion: When does", "At six.\n"],
  ["Question: When does the gate open? Answer: It opens at six [1].", "It opens at six [1]."],
  ["**Question:** When does the gate open? **Answer:** At six [1].\nYes.", "At six [1].\nYes."],
  ["Question: When does the gate open?", "Question: When does the gate open?"],
  ["The form asks:\nQuestion: Who are you?", "The form asks:\nQuestion: Who are you?"],
  ["Write:\n```\nQuestion: When?\n```\nQuestion: When?\nYes.", "Write:\n```\nQuestion: When?\n```\nYes."],
  ["Use a < b, <b>bold</b> and <source> tags.", "Use a < b, <b>bold</b> and <source> tags."],
  [
    "The Question: line is a mark only where it begins.",
    "The Question: line is a mark only where it begins.",
  ],
  ["It ends with <sour", "It ends with <sour"],
  ["Quick. Quiet", "Quick. Quiet"],
];

test.each(answers)("takes the prompt's marks out of %j, wherever the text is cut", (written, shown) => {
  expect(filtered([written])).toBe(shown);
  expect(filtered(Array.from(written))).toBe(shown);
  const cuts = fc.array(fc.integer({ min: 0, max: written.length }), { maxLength: 6 });
  fc.assert(
    fc.property(cuts, (places) => {
      const ends = [...places.toSorted((a, b) => a - b), written.length];
      expect(filtered(ends.map((end, i) => written.slice(ends[i - 1] ?? 0, end)))).toBe(shown);
    }),
    { numRuns: 40 },
  );
});

test("shows text without marks at once", () => {
  const filter = new FenceFilter([]);
  expect(["The", " gate", " opens\n", "at six"].map((piece) => filter.add(piece))).toEqual([
    "The",
    " gate",
    " opens\n",
    "at six",
  ]);
});
