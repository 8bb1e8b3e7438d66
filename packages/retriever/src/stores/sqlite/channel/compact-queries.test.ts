import type { SearchQuery } from "@binnacle/core";
import { expect, test } from "vitest";
import { compactQueries } from "./compact-queries.ts";

test("copies a vector that is a view without the buffer behind it, and does not copy other vectors", () => {
  const large = new Float32Array(100_000).fill(1);
  const indices = Uint32Array.from({ length: 100 }, (_, i) => i);
  const own = Float32Array.of(1, 2);
  const sparse = { indices: indices.subarray(1, 3), values: large.subarray(5, 7) };
  const legs = [{ dense: large.subarray(3, 5) }, { sparse, limit: 3 }, { dense: own }] as const;
  const [sent] = compactQueries([{ legs, limit: 5 }]);
  expect(sent).toEqual({ legs, limit: 5 });
  const vectors = sent?.legs.flatMap((leg) =>
    "dense" in leg ? [leg.dense] : "sparse" in leg ? [leg.sparse.indices, leg.sparse.values] : [],
  );
  expect(vectors?.map(({ buffer }) => buffer.byteLength)).toEqual([8, 8, 8, 8]);
  expect(vectors?.at(-1)).toBe(own);
});

test("passes invalid queries to the worker unchanged", () => {
  const queries: readonly SearchQuery[] = JSON.parse(
    '[{"limit": 1}, {"legs": [null, {"sparse": 5}, {"dense": "x"}], "limit": 1}]',
  );
  expect(compactQueries(queries)).toEqual(queries);
});
