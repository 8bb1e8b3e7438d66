import { describe, expect, test } from "vitest";
import { legsByName, legsLine } from "./explain-legs.ts";

const trace = {
  legs: [
    { kind: "dense", found: 1 },
    { kind: "lexical", found: 2 },
  ],
} as const;
const dense = { rank: 1, score: 0.48375 };
const lexical = { rank: 12, score: 13.2 };

describe("--explain", () => {
  test("explains a hit by the name of each leg, including legs that did not find it", () => {
    expect(legsByName({ legs: [dense, undefined] }, trace)).toEqual({ dense, lexical: null });
    expect(legsByName({ legs: [lexical] }, { legs: [trace.legs[1]] })).toEqual({ lexical });
  });

  test("aligns the legs of all hits in columns", () => {
    expect(
      [
        [dense, undefined],
        [undefined, lexical],
        [dense, lexical],
      ].map((legs) => legsLine({ legs }, trace)),
    ).toEqual([
      "dense #1    0.484 · lexical –",
      "dense –           · lexical #12  13.200",
      "dense #1    0.484 · lexical #12  13.200",
    ]);
  });
});
