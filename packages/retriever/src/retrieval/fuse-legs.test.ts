import type { Hit } from "@binnacle/core";
import { expect, test } from "vitest";
import { fuseLegs } from "./fuse-legs.ts";
import { hitAt } from "./fixtures/hit-at.ts";

const hit = (id: string, score: number): Hit => ({ ...hitAt({ id, start: 0, text: id }), score });

test("keeps the scores of a single leg", () => {
  const { hits, cuts } = fuseLegs([{ kind: "dense", hits: [hit("a", 0.9), hit("b", 0.4)] }]);
  expect(hits.map(({ id, score, legs }) => [id, score, legs])).toEqual([
    ["a", 0.9, [{ rank: 1, score: 0.9 }]],
    ["b", 0.4, [{ rank: 2, score: 0.4 }]],
  ]);
  expect(cuts).toEqual([]);
});

test("fuses several legs by reciprocal rank and keeps each hit's rank in every leg", () => {
  const { hits } = fuseLegs(
    [
      { kind: "dense", hits: [hit("a", 0.9), hit("b", 0.4)] },
      { kind: "lexical", hits: [hit("b", 12)] },
    ],
    { fusion: { kind: "rrf" } },
  );
  expect(hits.map(({ id, score, legs }) => [id, score, legs])).toEqual([
    [
      "b",
      1 / 62 + 1 / 61,
      [
        { rank: 2, score: 0.4 },
        { rank: 1, score: 12 },
      ],
    ],
    ["a", 1 / 61, [{ rank: 1, score: 0.9 }, undefined]],
  ]);
});

test("cuts a leg by its threshold before the fusion and reports every cut, even of a hit that another leg keeps (T28)", () => {
  const { hits, cuts } = fuseLegs([
    { kind: "dense", minScore: 0.5, hits: [hit("a", 0.9), hit("b", 0.4), hit("c", 0.3)] },
    { kind: "lexical", hits: [hit("b", 12)] },
  ]);
  expect(hits.map(({ id }) => id)).toEqual(["b", "a"]);
  expect(hits[0]?.legs).toEqual([undefined, { rank: 1, score: 12 }]);
  expect(cuts).toEqual([
    { id: "b", documentId: "doc", reason: "min_score", score: 0.4, leg: "dense" },
    { id: "c", documentId: "doc", reason: "min_score", score: 0.3, leg: "dense" },
  ]);
});

test("cuts hits below 0 if the threshold is 0 (T28)", () => {
  const { hits } = fuseLegs([{ kind: "dense", minScore: 0, hits: [hit("a", 0), hit("b", -0.1)] }]);
  expect(hits.map(({ id }) => id)).toEqual(["a"]);
});

test("returns nothing without a leg", () => {
  expect(fuseLegs([])).toEqual({ hits: [], cuts: [] });
});
