import fc from "fast-check";
import { expect, test } from "vitest";
import { sentenceRanges } from "./sentence-ranges.ts";

const sentences = (text: string): string[] =>
  sentenceRanges(text).map(({ start, end }) => text.slice(start, end));

test("cuts at sentence ends, after closing quotes and citations", () => {
  expect(sentences('It works. [1] "Does it?" Yes! (It does.) 3 times.')).toEqual([
    "It works. [1]",
    '"Does it?"',
    "Yes!",
    "(It does.)",
    "3 times.",
  ]);
});

test("does not cut at abbreviations, versions or initials", () => {
  expect(sentences("Use e.g. Version 1.5 of J. Smith, cf. Fig. 3 there. Then stop.")).toEqual([
    "Use e.g. Version 1.5 of J. Smith, cf. Fig. 3 there.",
    "Then stop.",
  ]);
});

test("does not cut at a line break inside a paragraph, but at a blank line, an item and a heading", () => {
  expect(sentences("One line\ngoes on\n\nNext\n- item one\n- item two\n# Heading\ntext")).toEqual([
    "One line\ngoes on",
    "Next",
    "- item one",
    "- item two",
    "# Heading",
    "text",
  ]);
});

test("keeps a table row whole", () => {
  expect(sentences("| One. Two. | Three. |\n| Four. | Five. |")).toEqual([
    "| One. Two. | Three. |",
    "| Four. | Five. |",
  ]);
});

test("cuts Chinese and Japanese", () => {
  expect(sentences("これは文です。次の文。")).toEqual(["これは文です。", "次の文。"]);
});

test("puts every character that is not white space into exactly one sentence", () => {
  const piece = fc.constantFrom(
    "word",
    "Word",
    ".",
    "! ",
    "\n\n",
    "\n- ",
    " ",
    "[1]",
    "。",
    "e.g. ",
    "“",
    "🙂",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join("");
      expect(sentences(text).join("").replace(/\s/gu, "")).toBe(text.replace(/\s/gu, ""));
    }),
  );
});

test("does not cut at dotted initials and German dates, but after a time of day and a number (X5)", () => {
  const whole = [
    "Das Hafenfest findet am 3. Oktober statt.",
    "Der 2. Mai ist frei, und ab 15. Juni gilt der neue Plan.",
    "The U.S. Coast Guard inspects boats in May.",
    "Das gilt z.B. Sonntags, bzw. Feiertags.",
    "The office closes at 5 p.m.",
    "There are 12.",
    "Then it is dark.",
  ];
  expect(sentences(whole.join(" "))).toEqual(whole);
});
