import { readFileSync } from "node:fs";
import { inverseDocumentFrequency, resolveSpec } from "@binnacle/core/stores";
import { expect, test } from "vitest";
import { z } from "zod";
import { MemoryStore } from "../memory/index.ts";
import { creationBody, collectionSchema } from "./collections/collection-options.ts";
import { chunkPayload } from "./fixtures/chunk-payload.ts";

// Answers of Qdrant's engine, recorded by tests/servers/qdrant-edge/record.sh.
const hits = z.object({ ids: z.array(z.int()), scores: z.array(z.number()) });
const metrics = ["cosine", "dot", "euclid"] as const;
const recording = z
  .object({
    points: z.int(),
    dimensions: z.int(),
    queries: z.int(),
    graph: z.object({ m: z.int(), ef_construct: z.int() }),
    quantile: z.number(),
    oversampling: z.number(),
    ranked: z.record(
      z.enum(metrics),
      z.object({ exact: z.array(hits), graph: z.array(hits), int8: z.array(hits) }),
    ),
    sparse: z.object({
      terms: z.record(z.string(), z.array(z.int())),
      weight: z.number(),
      before: z.record(z.string(), hits),
      deleted: z.array(z.int()),
      after: z.record(z.string(), hits),
    }),
  })
  .parse(JSON.parse(readFileSync(new URL("fixtures/qdrant-edge.json", import.meta.url), "utf8")));

const idOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

/** The vectors of the recording. Each number is exact in float32. */
function vectors(count: number, seed: number): readonly Float32Array[] {
  let state = BigInt(seed);
  return Array.from({ length: count }, () =>
    Float32Array.from({ length: recording.dimensions }, () => {
      state = (state * 1_103_515_245n + 12_345n) % 2n ** 31n;
      return (Number((state >> 16n) % 2048n) - 1024 + 0.5) / 1024;
    }),
  );
}

test.each(metrics)(
  "has the engine's ranking and scores in an embedded store, by the metric %s (SB-M2)",
  async (metric) => {
    const store = new MemoryStore();
    const dense = { spaceId: "space", dimensions: recording.dimensions, metric };
    await store.ensureCollection({ name: "docs", dense });
    const chunk = { ...chunkPayload, spaceId: "space" };
    const { failures } = await store.collection("docs").write(
      vectors(recording.points, 7).map((vector, n) => ({
        type: "upsert",
        id: idOf(n),
        chunk,
        metadata: {},
        dense: vector,
      })),
    );
    expect(failures.size).toBe(0);
    const sign = metric === "euclid" ? -1 : 1; // our similarity falls with the distance
    for (const [i, vector] of vectors(recording.queries, 11).entries()) {
      const found = await store.collection("docs").search({ legs: [{ dense: vector }], limit: 10 });
      const wanted = recording.ranked[metric].exact[i];
      expect(found.map(({ id }) => id)).toEqual(wanted?.ids.map(idOf));
      for (const [rank, { score }] of found.entries())
        expect(Math.abs(score - sign * (wanted?.scores[rank] ?? Number.NaN))).toBeLessThan(1e-5);
    }
    await store.close();
  },
);

test.each(metrics)(
  "finds the exact hits by the default graph and by int8 with rescoring, by %s (SB-M3)",
  (metric) => {
    const { exact, graph, int8 } = recording.ranked[metric];
    for (const approximate of [graph, int8]) {
      const shares = exact.map(({ ids, scores }, i) => {
        const found = approximate[i] ?? { ids: [], scores: [] };
        // Rescored by the originals, so the score of a hit is the exact score.
        for (const [rank, id] of found.ids.entries())
          if (ids.includes(id))
            expect(found.scores[rank]).toBeCloseTo(scores[ids.indexOf(id)] ?? Number.NaN, 5);
        return found.ids.filter((id) => ids.includes(id)).length / ids.length;
      });
      expect(shares.reduce((sum, share) => sum + share, 0) / shares.length).toBeGreaterThanOrEqual(0.99);
    }
  },
);

test("records the graph and the quantization that a new collection gets by default (T23, T24)", () => {
  const spec = resolveSpec(
    "test",
    { name: "docs", dense: { spaceId: "space", dimensions: 4 } },
    { metrics: ["cosine"], maxDimensions: 4, sparse: true, idfScopes: ["tenant"] },
  );
  const settings = collectionSchema.parse({ quantization: "int8" });
  expect(creationBody(spec, settings, {})).toMatchObject({
    hnsw_config: recording.graph,
    quantization_config: { scalar: { type: "int8", quantile: recording.quantile } },
  });
  expect(settings.oversampling).toBe(recording.oversampling);
});

test("counts terms as the engine does, which still counts deleted points", () => {
  const { terms, weight, before, deleted, after } = recording.sparse;
  const points = Object.values(terms);
  for (const term of [1, 2, 3]) {
    const containing = points.filter((own) => own.includes(term)).length;
    const score = weight * inverseDocumentFrequency(points.length, containing);
    expect(before[term]?.scores).toHaveLength(containing);
    for (const given of [...(before[term]?.scores ?? []), ...(after[term]?.scores ?? [])])
      expect(given).toBeCloseTo(score, 5);
    expect(after[term]?.ids.some((id) => deleted.includes(id))).toBe(false);
  }
});
