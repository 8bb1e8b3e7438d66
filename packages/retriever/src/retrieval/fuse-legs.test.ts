import type { Hit } from "@binnacle/core";
import { expect, test } from "vitest";
import { fuseLegs } from "./fuse-legs.ts";
import { hitAt } from "./fixtures/hit-at.ts";

const hit = (id: string, score: number): Hit => ({ ...hitAt({ id, start: 0, text: id }), score });

test("one leg keeps its own scores", () => {
  const { hits, cuts } = fuseLegs([{ kind: "dense", hits: [hit("a", 0.9), hit("b", 0.4)] }]);
  expect(hits.map(({ id, score, legs }) => [id, score, legs])).toEqual([
    ["a", 0.9, [{ rank: 1, score: 0.9 }]],
    ["b", 0.4, [{ rank: 2, score: 0.4 }]],
  ]);
  expect(cuts).toEqual([]);
});

test("several legs are fused by reciprocal rank, each hit saying where it stood in every leg", () => {
  const { hits } = fuseLegs([
    { kind: "dense", hits: [hit("a", 0.9), hit("b", 0.4)] },
    { kind: "lexical", hits: [hit("b", 12)] },
  ]);
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

test("T28: a threshold cuts its own leg before the fusion, and says so, also of what another leg kept", () => {
  const { hits, cuts } = fuseLegs([
    { kind: "dense", minScore: 0.5, hits: [hit("a", 0.9), hit("b", 0.4), hit("c", 0.3)] },
    { kind: "lexical", hits: [hit("b", 12)] },
  ]);
  expect(hits.map(({ id }) => id)).toEqual(["a", "b"]);
  expect(hits[1]?.legs).toEqual([undefined, { rank: 1, score: 12 }]);
  expect(cuts).toEqual([
    { id: "b", documentId: "doc", reason: "min_score", score: 0.4, leg: "dense" },
    { id: "c", documentId: "doc", reason: "min_score", score: 0.3, leg: "dense" },
  ]);
});

test("T28: a threshold of 0 cuts what is below 0", () => {
  const { hits } = fuseLegs([{ kind: "dense", minScore: 0, hits: [hit("a", 0), hit("b", -0.1)] }]);
  expect(hits.map(({ id }) => id)).toEqual(["a"]);
});

test("without any leg nothing is found", () => {
  expect(fuseLegs([])).toEqual({ hits: [], cuts: [] });
});
