import type { Filter, Hit, Leg, SearchQuery, SparseVector, StoredChunk, Write } from "@binnacle/core";
import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { MemoryStore } from "./memory-store.ts";

// The model is a map that searches by walking over all points. Small whole numbers make every dot product
// exact. So ties are ties in both, and the results must be equal.
interface ModelPoint {
  readonly year: number | undefined;
  readonly dense: readonly number[];
  readonly sparse: ReadonlyMap<number, number>;
}
type Model = Map<string, ModelPoint>;

const idOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const chunk: StoredChunk = {
  sourceId: "source",
  documentId: "document",
  slot: 0,
  index: 0,
  start: 0,
  end: 1,
  text: "x",
  context: "",
  tokens: 1,
  path: [],
  contentHash: "hash",
  spaceId: "space",
  encoderId: "encoder",
  documentVersion: "1",
  mediaType: "text/plain",
};

const id = fc.nat(12).map(idOf);
const year = fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined });
const numbers = fc
  .array(fc.integer({ min: -2, max: 2 }), { minLength: 3, maxLength: 3 })
  .filter((list) => list.some((value) => value !== 0));
const terms = fc
  .uniqueArray(fc.tuple(fc.nat(5), fc.integer({ min: 1, max: 3 })), {
    selector: ([term]) => term,
    maxLength: 3,
  })
  .map((list) => new Map(list.sort(([a], [b]) => a - b)));
/** The `ifVersion` of a write: that of no point, of the current point, or of an earlier state. */
const ifVersion = fc.option(fc.constantFrom("absent", "current", "stale"), { nil: undefined, freq: 3 });
const filter = fc.oneof(
  year.map((value): Filter => (value === undefined ? {} : { year: value })),
  year.map((value): Filter => ({ year: value === undefined ? { $exists: true } : { $ne: value } })),
  fc.integer({ min: 1, max: 4 }).map((value): Filter => ({ year: { $gte: value } })),
);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant("upsert" as const),
      id,
      year,
      dense: numbers,
      sparse: terms,
      ifVersion,
    }),
  },
  fc.record({ type: fc.constant("patch" as const), id, year, ifVersion }),
  fc.record({ type: fc.constant("delete" as const), id, ifVersion }),
  fc.record({ type: fc.constant("deleteWhere" as const), year: fc.integer({ min: 1, max: 4 }) }),
  fc.record({
    type: fc.constant("search" as const),
    dense: fc.option(numbers),
    sparse: fc.option(terms),
    minScore: fc.option(fc.integer({ min: -1, max: 2 }), { nil: undefined }),
    legLimit: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
    limit: fc.integer({ min: 1, max: 6 }),
    offset: fc.nat(3),
    filter,
  }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
type SearchStep = Extract<Step, { type: "search" }>;

const sparseOf = (map: ReadonlyMap<number, number>): SparseVector => ({
  indices: Uint32Array.from(map.keys()),
  values: Float32Array.from(map.values()),
});

function toWrite(
  change: Extract<Step, { type: "upsert" | "patch" | "delete" }>,
  version: number | undefined,
): Write {
  const base = { id: change.id, ifVersion: change.ifVersion && expected(change.ifVersion, version) };
  if (change.type === "delete") return { type: "delete", ...base };
  const metadata = change.year === undefined ? {} : { year: change.year };
  if (change.type === "patch") return { type: "patch", ...base, metadata };
  const dense = Float32Array.from(change.dense);
  return { type: "upsert", ...base, chunk, metadata, dense, sparse: sparseOf(change.sparse) };
}

function expected(condition: "absent" | "current" | "stale", version = 0): number {
  return { absent: 0, current: version, stale: version + 1 }[condition];
}

/** Applies a write to the model. Returns the code of its failure, or undefined. */
function applyToModel(
  model: Model,
  change: Extract<Step, { type: "upsert" | "patch" | "delete" }>,
): string | undefined {
  const current = model.get(change.id);
  if (change.ifVersion === "stale") return "version_conflict";
  if (change.ifVersion === "absent" && current) return "version_conflict";
  if (change.type === "delete") model.delete(change.id);
  else if (change.type === "upsert") model.set(change.id, change);
  else if (current) model.set(change.id, { ...current, year: change.year });
  else return "not_found";
  return undefined;
}

function matches(point: ModelPoint, wanted: Filter): boolean {
  return Object.values(wanted).every((condition) => {
    if (typeof condition === "number") return point.year === condition;
    const { $exists, $ne, $gte }: Record<string, number | boolean> = JSON.parse(JSON.stringify(condition));
    if ($exists !== undefined) return point.year !== undefined;
    if ($ne !== undefined) return point.year !== $ne;
    return point.year !== undefined && point.year >= Number($gte);
  });
}

type Ranking = readonly (readonly [id: string, score: number])[];
const byScore = (ranking: Ranking): Ranking =>
  [...ranking].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));

function modelLegs(model: Model, search: SearchStep): readonly Ranking[] {
  const { dense, sparse, minScore = -Infinity } = search;
  const legLimit = search.legLimit ?? 50;
  const points = [...model].filter(([, point]) => matches(point, search.filter));
  const idf = (term: number): number => {
    const containing = [...model.values()].filter((point) => point.sparse.has(term)).length;
    return Math.log(1 + (model.size - containing + 0.5) / (containing + 0.5));
  };
  const lexical = (point: ModelPoint): number =>
    [...(sparse ?? [])].reduce(
      (sum, [term, weight]) => sum + weight * idf(term) * (point.sparse.get(term) ?? 0),
      0,
    );
  const inner = (point: ModelPoint): number =>
    point.dense.reduce((sum, value, i) => sum + value * (dense?.[i] ?? 0), 0);
  const legs = [
    ...(dense ? [points.map(([key, point]) => [key, inner(point)] as const)] : []),
    ...(sparse
      ? [points.map(([key, point]) => [key, lexical(point)] as const).filter(([, score]) => score > 0)]
      : []),
  ];
  return legs.map((leg) => byScore(leg.filter(([, score]) => score >= minScore)).slice(0, legLimit));
}

function modelSearch(model: Model, search: SearchStep): Ranking {
  const legs = modelLegs(model, search);
  const [only] = legs;
  const fused = new Map<string, number>();
  for (const leg of legs) leg.forEach(([key], i) => fused.set(key, (fused.get(key) ?? 0) + 1 / (61 + i)));
  const ranking = legs.length === 1 && only ? only : byScore([...fused]);
  return ranking.slice(search.offset, search.offset + search.limit);
}

function toQuery({
  dense,
  sparse,
  minScore,
  legLimit,
  limit,
  offset,
  filter: wanted,
}: SearchStep): SearchQuery | undefined {
  const limits = { minScore, limit: legLimit };
  const [first, ...rest]: Leg[] = [
    ...(dense ? [{ dense: Float32Array.from(dense), ...limits }] : []),
    ...(sparse ? [{ sparse: sparseOf(sparse), ...limits }] : []),
  ];
  return first && { legs: [first, ...rest], limit, offset, filter: wanted };
}

const ranking = (hits: readonly Hit[]): Ranking => hits.map((hit) => [hit.id, hit.score]);

test("finds and counts the same points as a walk over a plain map, after any writes", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: "max" }), async (steps) => {
      const store = new MemoryStore();
      const dense = { spaceId: "space", dimensions: 3, metric: "dot" } as const;
      await store.ensureCollection({
        name: "model",
        dense,
        sparse: { encoderId: "encoder" },
        fields: { year: "integer" },
      });
      const collection = store.collection("model");
      const model: Model = new Map();
      for (const each of steps) {
        if (each.type === "search") {
          const query = toQuery(each);
          if (query) expect(ranking(await collection.search(query))).toEqual(modelSearch(model, each));
        } else if (each.type === "deleteWhere") {
          const doomed = [...model].filter(([, point]) => point.year === each.year);
          for (const [key] of doomed) model.delete(key);
          expect(await collection.deleteWhere({ filter: { year: each.year } })).toBe(doomed.length);
        } else {
          const [stored] = await collection.get([each.id]);
          const { failures } = await collection.write([toWrite(each, stored?.version)]);
          expect(failures.get(0)?.code).toBe(applyToModel(model, each));
        }
      }
      const scanned: string[] = [];
      for await (const point of collection.scan({ pageSize: 3 })) scanned.push(point.id);
      expect(scanned).toEqual([...model.keys()].sort());
      await store.close();
    }),
    { numRuns: 300 * inject("propertyShare"), endOnFailure: true },
  );
});
