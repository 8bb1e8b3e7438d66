import type { Collection, Filter } from "@binnacle/core";
import { exactly, atMost, shown, type Experiment, type Figure } from "../experiment.ts";
import { storesMissing, withStores } from "./opened-stores.ts";
import { idOf, pointOf, spec, untyped, writeOne } from "./row-points.ts";
import { TriedCalls } from "./tried-calls.ts";

const dense = Float32Array.of(1, 0, 0, 0);
const search = (collection: Collection, query: object): (() => unknown) => {
  return () => collection.search({ legs: [{ dense }], limit: 1, ...query });
};

/** Calls that ask for more than there is, and must be refused. */
const refused: Readonly<Record<string, (collection: Collection) => () => unknown>> = {
  "limit 0": (collection) => search(collection, { limit: 0 }),
  "limit -1": (collection) => search(collection, { limit: -1 }),
  "limit NaN": (collection) => search(collection, { limit: NaN }),
  "limit 1.5": (collection) => search(collection, { limit: 1.5 }),
  "limit Infinity": (collection) => search(collection, { limit: Infinity }),
  "offset -1": (collection) => search(collection, { offset: -1 }),
  "10,000 clauses": (collection) =>
    search(collection, { filter: { $or: Array.from({ length: 10_000 }, (_, year) => ({ year })) } }),
  "10,000 nested groups": (collection) => search(collection, { filter: nested(10_000) }),
  "1,000 legs": (collection) =>
    search(collection, { legs: Array.from({ length: 1_000 }, () => ({ dense })) }),
  "page of 0": (collection) => () => collection.scan({ pageSize: 0 })[Symbol.asyncIterator]().next(),
  "page of 1e9": (collection) => () => collection.scan({ pageSize: 1e9 })[Symbol.asyncIterator]().next(),
};

/** SB-V4: limits, filters and texts beyond every bound. */
export const oversize: Experiment = {
  title: "limits of 1e9, 0, -1 and NaN, 10,000 clauses, deep filters and a text of 64 MB, in every store",
  missing: storesMissing,
  run: () =>
    withStores(async (stores) => {
      const figures: Figure[] = [];
      for (const { name, store } of stores) {
        await store.ensureCollection(spec);
        const collection = store.collection(spec.name);
        await collection.write([1, 2, 3].map((number) => pointOf(number)));
        const tried = new TriedCalls();
        const slowestMs = await refuse(collection, tried);
        await tried.equal(
          "limit 1e9",
          async () => (await collection.search({ legs: [{ dense }], limit: 1e9 })).length === 3,
        );
        await tried.equal("page of 10,000", async () => (await scanned(collection, 10_000)) === 3);
        await tried.equal("a text of 64 MB", () => isStoredOrRefused(collection));
        figures.push(
          exactly(`accepted by ${name}`, tried.accepted, 0, "calls"),
          exactly(`errors of ${name} without a type`, tried.crashed, 0, "errors"),
          exactly(`wrong results of ${name}`, tried.changed, 0, "calls"),
          atMost(`slowest refusal of ${name}`, slowestMs, 10, "ms"),
          shown(`calls tried in ${name}`, tried.cases, "calls"),
        );
      }
      return figures;
    }),
};

/**
 * Tries every call some times. Returns the slowest call's quickest time, because others use the machine too.
 */
async function refuse(collection: Collection, tried: TriedCalls): Promise<number> {
  let slowestMs = 0;
  for (const [label, call] of Object.entries(refused)) {
    let quickestMs = Infinity;
    for (let i = 0; i < 5; i++) {
      const startedAt = performance.now();
      await tried.refused(label, call(collection));
      quickestMs = Math.min(quickestMs, performance.now() - startedAt);
    }
    slowestMs = Math.max(slowestMs, quickestMs);
  }
  return slowestMs;
}

async function scanned(collection: Collection, pageSize: number): Promise<number> {
  let count = 0;
  for await (const { version } of collection.scan({ pageSize })) count += version > 0 ? 1 : 0;
  return count;
}

function nested(depth: number): Filter {
  let filter: Filter = { year: 1 };
  for (let i = 0; i < depth; i++) filter = { $and: [filter] };
  return filter;
}

/** The store works on afterwards, whatever it did with the text. */
async function isStoredOrRefused(collection: Collection): Promise<boolean> {
  const text = "x".repeat(64 * 2 ** 20);
  const big = pointOf(9, { chunk: { ...pointOf(9).chunk, text } });
  const isStored = await writeOne(collection, untyped(big)).then(
    () => true,
    (error: unknown) => error,
  );
  const [point] = await collection.get([idOf(9)]);
  if (isStored !== true) {
    if ((await collection.count()) !== 3 || point !== undefined) return false;
    throw isStored;
  }
  await collection.write([{ type: "delete", id: idOf(9) }]);
  return point?.chunk.text.length === text.length && (await collection.count()) === 3;
}
