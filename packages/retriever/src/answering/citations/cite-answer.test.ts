import { describe, expect, test } from "vitest";
import { retrievalOf } from "../../retrieval/fixtures/retrieval-of.ts";
import { formatContext } from "../prompt/format-context.ts";
import { citedNumbers, withoutMarkers } from "./citation-markers.ts";
import { citeAnswer } from "./cite-answer.ts";

const { citations: sources } = formatContext(
  retrievalOf([
    "Autovacuum removes dead rows and updates the planner statistics.",
    "A checkpoint flushes dirty pages to disk at regular intervals.",
  ]),
  { maxTokens: 1000 },
);
const cited = (answer: string, question = "What happens?"): unknown => {
  const { citations, invalidCitations } = citeAnswer({ question, answer, sources });
  return [citations.map(({ number, by }) => [number, by]), invalidCitations];
};

describe("citedNumbers", () => {
  test.each([
    ["one [1] and [2].", [1, 2], []],
    ["lists [1, 2] and [2; 7].", [1, 2], [7]],
    ["[Source 2] and 【1】", [1, 2], []],
    ["[0] is none, nor is [12]", [], [0, 12]],
    ["argv[9] is an index, `list[1]` too\n```\na[2]\n```", [], []],
    ["``argv[1]`` is code, **bold** [2] is not", [2], []],
    ["word[1] cites", [1], []],
    ["ranges [1-2] and [1–2]", [1, 2], []],
    ["[2-3] and [7–9] reach beyond", [2], [3, 7, 9]],
    ["[1 and 2]", [1, 2], []],
    ["[source 1, source 2]", [1, 2], []],
    ["a footnote's form [^2]", [2], []],
    ["a year [2024] is none", [], []],
    ["[1，2]", [1, 2], []],
    ["[1、2]", [1, 2], []],
    ["【1†L3-L7】", [1], []],
    ["[ 1 ]", [1], []],
    ["so \\[1\\].", [1], []],
    ["[Source: 1] and [Sources: 1, 2]", [1, 2], []],
    ["[ID:1] or [doc 2]", [1, 2], []],
    ["［1］ and [２]", [1, 2], []],
    ["〔1〕 and [No. 2]", [1, 2], []],
    ["[Source 1: Harbour rules] and [Source 2]", [1, 2], []],
    ["[Source 1: Harbour, page 9]", [1], []],
    ["[#1], but the issue [#7]", [1], []],
    ["a range with another hyphen [1\u20112]", [1, 2], []],
    ["a time [1:30] is none", [], []],
  ])("reads the markers of %j (A1)", (text, valid, invalid) => {
    expect(citedNumbers(text, 2)).toEqual({ valid, invalid });
  });
});

test("removes each form of a marker and no brackets in code", () => {
  expect(withoutMarkers("At six [Source 1: Gate]. At ten ［2］ in `a[1]`.")).toBe(
    "At six. At ten in `a[1]`.",
  );
});

describe("citeAnswer", () => {
  test("cites the numbers of existing sources and reports the others (T46)", () => {
    expect(cited("Checkpoints flush pages [2]. Cats purr [3].")).toEqual([[[2, "model"]], [3]]);
  });

  test("cites an exact range of the document", () => {
    const [citation] = citeAnswer({ question: "", answer: "See [2].", sources }).citations;
    expect(citation).toMatchObject({
      number: 2,
      documentId: "doc-2",
      start: 0,
      end: 62,
      text: sources[1]?.text,
    });
  });

  test("does not attribute by overlap a source that the model cites", () => {
    expect(cited("Autovacuum removes dead rows [1]. It also updates planner statistics.")).toEqual([
      [[1, "model"]],
      [],
    ]);
  });

  test("attributes a sentence without a marker to the source whose words it contains (T46)", () => {
    expect(cited("The autovacuum process removes dead rows.")).toEqual([[[1, "overlap"]], []]);
  });

  test("attributes a sentence to no source if no source contains its words", () => {
    expect(cited("Bananas ripen faster in warm kitchens.")).toEqual([[], []]);
    expect(cited("Yes.")).toEqual([[], []]);
  });

  test("never attributes a sentence to a source that lacks one of its numbers", () => {
    expect(cited("Autovacuum removes 40 dead rows.")).toEqual([[], []]);
  });

  test("attributes a sentence that only repeats the question to no source", () => {
    const question = "How does autovacuum remove dead rows?";
    expect(cited("To remove dead rows, autovacuum does this:", question)).toEqual([[], []]);
    expect(cited("Question: How does autovacuum remove dead rows?", question)).toEqual([[], []]);
    expect(cited("Autovacuum removes dead rows and updates statistics.", question)).toEqual([
      [[1, "overlap"]],
      [],
    ]);
  });

  test("ignores a document's own note in a copied sentence and attributes the sentence by its words (T46)", () => {
    const { citations: noted } = formatContext(
      retrievalOf([
        "Vacuum reclaims\n storage of dead tuples [2]. Locks follow (see argv[1]).",
        "A checkpoint flushes dirty pages to disk at regular intervals.",
      ]),
      { maxTokens: 1000 },
    );
    const numbersOf = (answer: string): unknown => {
      const { citations, invalidCitations } = citeAnswer({ question: "What?", answer, sources: noted });
      return [citations.map(({ number, by }) => [number, by]), invalidCitations];
    };
    expect(numbersOf("Vacuum reclaims storage of dead tuples [2].")).toEqual([[[1, "overlap"]], []]);
    expect(numbersOf("Vacuum reclaims storage of dead tuples [2]. [1]")).toEqual([[[1, "model"]], []]);
    expect(numbersOf("Pages are flushed at regular intervals [2].")).toEqual([[[2, "model"]], []]);
    expect(numbersOf("[2] Vacuum reclaims storage.")).toEqual([[[2, "model"]], []]);
    expect(numbersOf("Tuples [2].")).toEqual([[[2, "model"]], []]);
  });
});
