import { expect, test } from "vitest";
import { UnsupportedError } from "../../errors/unsupported-error.ts";
import type { SearchQuery } from "../../spec/search.ts";
import { resolveSpec } from "../spec/resolve-spec.ts";
import { planSearch } from "./search-plan.ts";

const spec = resolveSpec(
  "test",
  { name: "docs", dense: { spaceId: "space", dimensions: 2 } },
  { metrics: ["cosine"], maxDimensions: 2, sparse: false, idfScopes: [] },
);
const leg = { dense: Float32Array.of(1, 0) };
const uses = {
  dbsf: { legs: [leg, leg], limit: 1, fusion: { kind: "dbsf" } },
  boost: { legs: [leg], limit: 1, boost: [{ when: {}, add: 1 }] },
  mmr: { legs: [leg], limit: 1, mmr: { diversity: 0 } },
  effort: { legs: [{ ...leg, effort: "exact" }], limit: 1 },
  like: { legs: [{ like: ["a"] }], limit: 1 },
} as const satisfies Record<string, SearchQuery>;

test.each(["dbsf", "boost", "mmr", "effort", "like"] as const)(
  "refuses %s unless the store has it",
  (feature) => {
    expect(() => planSearch(uses[feature], spec)).toThrow(UnsupportedError);
    expect(() => planSearch(uses[feature], spec)).toThrow(expect.objectContaining({ capability: feature }));
    expect(planSearch(uses[feature], spec, [feature]).limit).toBe(1);
  },
);

test("gives a leg enough hits for the candidates of MMR", () => {
  const limits = (query: SearchQuery) => planSearch(query, spec, ["mmr"]).legs.map(({ limit }) => limit);
  expect(limits({ legs: [leg], limit: 1, mmr: { diversity: 0.5, candidates: 300 } })).toEqual([300]);
  expect(limits({ legs: [{ ...leg, limit: 7 }], limit: 1, mmr: { diversity: 0.5 } })).toEqual([7]);
  expect(limits({ legs: [leg], limit: 20, offset: 5, mmr: { diversity: 0.5 } })).toEqual([100]);
});
