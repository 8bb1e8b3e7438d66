import { readFileSync } from "node:fs";
import type { SparseVector } from "@binnacle/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { createBm25Encoder } from "../../sparse/create-bm25-encoder.ts";
import { InvertedRows } from "./inverted-rows.ts";
import type { Ranked } from "@binnacle/core/stores";
import { TopRows } from "./top-rows.ts";

function scan(rows: InvertedRows, query: SparseVector): readonly Ranked<number>[] {
  const top = new TopRows(1000, (a, b) => a < b);
  rows.scan(query, top, { minScore: -Infinity });
  return top.ranked();
}

const vector = fc
  .uniqueArray(fc.tuple(fc.nat(12), fc.integer({ min: 1, max: 5 })), {
    selector: ([term]) => term,
    maxLength: 6,
  })
  .map((terms): SparseVector => {
    const sorted = terms.sort(([a], [b]) => a - b);
    return {
      indices: Uint32Array.from(sorted, ([term]) => term),
      values: Float32Array.from(sorted, ([, w]) => w),
    };
  });

function weightOf({ indices, values }: SparseVector, term: number): number {
  return values[indices.indexOf(term)] ?? 0;
}

test("scores like a walk over every vector, for rows that are added, changed and removed", () => {
  const step = fc.record({ row: fc.nat(20), vector: fc.option(vector) });
  fc.assert(
    fc.property(fc.array(step), vector, (steps, query) => {
      const rows = new InvertedRows("bm25");
      const model = new Map<number, SparseVector>();
      for (const { row, vector: value } of steps) {
        if (value) {
          rows.set(row, value);
          model.set(row, value);
        } else {
          rows.clear(row);
          model.delete(row);
        }
      }
      const expected = new Map<number, number>();
      for (const [row, value] of model) {
        let score = 0;
        query.indices.forEach((term, i) => {
          const containing = [...model.values()].filter((other) => weightOf(other, term) > 0).length;
          const idf = Math.log(1 + (model.size - containing + 0.5) / (containing + 0.5));
          score += (query.values[i] ?? 0) * weightOf(value, term) * idf;
        });
        if (score > 0) expected.set(row, score);
        expect(rows.get(row)).toEqual(value);
      }
      const found = scan(rows, query);
      expect(found.map(({ key }) => key).sort()).toEqual([...expected.keys()].sort());
      for (const { key, score } of found) expect(score).toBeCloseTo(expected.get(key) ?? NaN, 10);
    }),
  );
});

test("ranks and scores the recorded documents like Qdrant", async () => {
  const url = new URL("../../sparse/fixtures/qdrant-bm25.json", import.meta.url);
  const recorded = z
    .object({
      documents: z.array(z.object({ id: z.number(), text: z.string() })),
      query: z.object({ text: z.string(), points: z.array(z.object({ id: z.number(), score: z.number() })) }),
    })
    .parse(JSON.parse(readFileSync(url, "utf8")));
  const encoder = createBm25Encoder();
  const rows = new InvertedRows("bm25");
  for (const { id, text } of recorded.documents)
    for (const encoded of await encoder.encode([text], { role: "document" })) rows.set(id, encoded);
  const [query] = await encoder.encode([recorded.query.text], { role: "query" });
  const found = query ? scan(rows, query) : [];
  expect(found.map(({ key }) => key)).toEqual(recorded.query.points.map(({ id }) => id));
  found.forEach(({ score }, i) => expect(score).toBeCloseTo(recorded.query.points[i]?.score ?? NaN, 5));
});

test("finds the same if many rows enter at once as if they enter one by one", () => {
  fc.assert(
    fc.property(fc.array(vector, { minLength: 60, maxLength: 90 }), vector, (vectors, query) => {
      const [together, apart] = [new InvertedRows("bm25", Infinity), new InvertedRows("bm25", 1)];
      for (const rows of [together, apart]) {
        vectors.forEach((value, row) => rows.set(row, value));
        rows.clear(3);
        rows.set(4, vectors[5] ?? { indices: new Uint32Array(), values: new Float32Array() });
      }
      expect(scan(together, query)).toEqual(scan(apart, query));
      for (let row = 0; row < vectors.length; row++) expect(together.get(row)).toEqual(apart.get(row));
      for (const rows of [together, apart]) {
        rows.clear(7);
        rows.set(200, vectors[7] ?? { indices: new Uint32Array(), values: new Float32Array() });
      }
      expect(scan(together, query)).toEqual(scan(apart, query));
    }),
    { numRuns: 30 },
  );
});
