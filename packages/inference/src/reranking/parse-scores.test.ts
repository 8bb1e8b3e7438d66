import { expect, test } from "vitest";
import { parseScores } from "./parse-scores.ts";

const result = (index: number, relevance_score: unknown) => ({ index, relevance_score });

test("returns the scores in the order of the documents, with the tokens", () => {
  const usage = { prompt_tokens: 7, total_tokens: 7 };
  expect(parseScores("x", { results: [result(1, 0.2), result(0, 0.9)], usage }, 2)).toEqual({
    scores: [0.9, 0.2],
    tokens: 7,
  });
  expect(parseScores("x", [{ index: 0, score: -1, text: "a" }], 1)).toEqual({
    scores: [-1],
    tokens: undefined,
  });
});

test.each([
  ["too few", { results: [result(0, 1)] }],
  ["too many", { results: [result(0, 1), result(1, 1), result(2, 1)] }],
  ["a repeated index", { results: [result(0, 1), result(0, 1)] }],
  ["an index outside", { results: [result(0, 1), result(7, 1)] }],
  ["a score that is no number", { results: [result(0, 1), result(1, null)] }],
  ["another form", { scores: [1, 2] }],
])("rejects %s", (_, body) => {
  expect(() => parseScores("x", body, 2)).toThrow(expect.objectContaining({ code: "invalid_response" }));
});
