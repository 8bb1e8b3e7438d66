import { join } from "node:path";
import type { CompleteCollection, Hit, SearchQuery, StoredPoint, Write, WriteResult } from "@binnacle/core";
import fc from "fast-check";
import { expect, inject, onTestFinished, test } from "vitest";
import { MemoryStore } from "../memory/index.ts";
import { sampleId, sampleSpec, sampleUpsert } from "./fixtures/sample-points.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";
import { SqliteStore } from "./index.ts";

const pointNumber = fc.nat(11);
const write = fc.oneof<fc.Arbitrary<Write>[]>(
  fc.tuple(pointNumber, fc.nat(3)).map(([number, revision]) => sampleUpsert(number, revision)),
  // No point has version 1, with near certainty.
  fc.tuple(pointNumber, fc.nat(1)).map(([number, ifVersion]) => ({ ...sampleUpsert(number), ifVersion })),
  pointNumber.map((number) => ({ type: "patch", id: sampleId(number), metadata: { year: 1999 } })),
  pointNumber.map((number) => ({ type: "delete", id: sampleId(number) })),
);
const step = fc.record({
  /** The connection that writes, and the connection that searches afterwards. */
  writer: fc.nat(1),
  reader: fc.nat(1),
  batch: fc.array(write, { maxLength: 6 }),
  deleteYear: fc.option(fc.constantFrom(1999, 2001)),
});

const query: SearchQuery = {
  legs: [
    { dense: Float32Array.of(0.3, 1, -1, 0.2) },
    { sparse: { indices: Uint32Array.of(1, 12, 100), values: Float32Array.of(1, 2, 0.5) } },
  ],
  filter: { year: { $ne: 2003 } },
  limit: 10,
  explain: true,
};

const boost: SearchQuery["boost"] = [
  { when: { year: 1999 }, add: 0.5 },
  { field: "year", decay: { target: 2001, halfAt: 1, add: 0.3 } },
];

async function state(collection: CompleteCollection): Promise<unknown> {
  const points: unknown[] = [];
  for await (const point of collection.scan({ includeVectors: true, pageSize: 5 }))
    points.push(withoutVersion(point));
  const ids: string[] = [];
  const orderBy = { field: "year", direction: "descending" } as const;
  for await (const { id } of collection.scan({ orderBy, pageSize: 3 })) ids.push(id);
  const hits = (await collection.search(query)).map(withoutVersion);
  const terms = await collection.termStatistics(Uint32Array.of(1, 12, 100));
  const [first] = ids;
  const others: readonly SearchQuery[] = [
    { ...query, fusion: { kind: "dbsf" }, boost, mmr: { diversity: 0.4, candidates: 10 } },
    ...(first === undefined ? [] : [{ legs: [{ like: [first], strategy: "best" }], limit: 5 } as const]),
  ];
  return {
    points,
    ids,
    hits,
    others: (await collection.searchMany(others)).map((list) => list.map(withoutVersion)),
    groups: (await collection.searchGroups(query, { by: "year", size: 2 })).map(({ value, hits: found }) => [
      value,
      found.map(withoutVersion),
    ]),
    years: await collection.facet("year"),
    terms,
    count: await collection.count(),
  };
}

function withoutVersion({ version: _, ...rest }: StoredPoint | Hit): object {
  return rest;
}

test("holds the same points through two connections to one file as one memory store", async () => {
  const path = join(temporaryFolder(), "store.sqlite");
  const memory = new MemoryStore();
  const stores = [new SqliteStore({ path }), new SqliteStore({ path })];
  onTestFinished(async () => {
    for (const store of [memory, ...stores]) await store.close();
  });
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 10 }), async (steps) => {
      const name = `run-${runs++}`;
      for (const store of [memory, ...stores]) await store.ensureCollection({ ...sampleSpec, name });
      const model = memory.collection(name);
      for (const { writer, reader, batch, deleteYear } of steps) {
        const written = stores[writer]?.collection(name);
        expect(await written?.write(batch).then(codes)).toEqual(codes(await model.write(batch)));
        if (deleteYear !== null) {
          const filter = { filter: { year: deleteYear } };
          expect(await written?.deleteWhere(filter)).toBe(await model.deleteWhere(filter));
        }
        const read = stores[reader]?.collection(name);
        expect(read && (await state(read))).toEqual(await state(model));
      }
    }),
    { numRuns: 50 * inject("propertyShare") },
  );
});

function codes({ failures }: WriteResult): readonly (readonly [number, string])[] {
  return Array.from(failures, ([position, { code }]) => [position, code]);
}
