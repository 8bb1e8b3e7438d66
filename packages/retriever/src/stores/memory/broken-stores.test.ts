import type { Collection, Metadata, TenantBinding, VectorStore } from "@binnacle/core";
import { inverseDocumentFrequency } from "@binnacle/core/stores";
import { vectorStoreContract } from "@binnacle/core/testing";
import { expect, test } from "vitest";
import { delegatedCollection, delegatedStore } from "./fixtures/delegated.ts";
import { MemoryStore } from "./memory-store.ts";

/** Changes some methods of a store's handles. `open` opens any handle of the unbroken store. */
type Break = (inner: Collection, open: VectorStore["collection"]) => Partial<Collection>;

function brokenStore(broken: Break): VectorStore {
  const inner = new MemoryStore();
  const open = (name: string, binding?: TenantBinding): Collection => inner.collection(name, binding);
  function collection<M extends Metadata>(name: string, binding?: TenantBinding): Collection<M>;
  function collection(name: string, binding?: TenantBinding): Collection {
    const handle = open(name, binding);
    return { ...delegatedCollection(handle), ...broken(handle, inner.collection.bind(inner)) };
  }
  return { ...delegatedStore(inner), collection };
}

const allTenants: Break = (inner, open) => ({
  async termStatistics(indices, options) {
    const own = await inner.termStatistics(indices, options);
    const tenants = await Promise.all(
      ["a", "b"].map((tenant) =>
        open(inner.name, { tenant })
          .termStatistics(indices)
          .catch(() => undefined),
      ),
    );
    const known = tenants.filter((each) => each !== undefined);
    if (known.length === 0) return own;
    const points = known.reduce((sum, each) => sum + each.points, 0);
    const terms = own.terms.map((_, i) => {
      const containing = known.reduce((sum, each) => sum + (each.terms[i]?.containing ?? 0), 0);
      return { containing, idf: inverseDocumentFrequency(points, containing) };
    });
    return { points, terms };
  },
});

const faults: readonly (readonly [fault: string, promise: RegExp, broken: Break])[] = [
  ["counts terms over all tenants", /counts IDF and term statistics within the tenant/, allTenants],
  [
    "ignores `index` beside another condition of a deletion",
    /by every combination of source, document, index and filter/,
    (inner) => ({
      deleteWhere: ({ filter, sourceId, documentId, index }, options) => {
        const others = [filter, sourceId, documentId].some((condition) => condition !== undefined);
        return inner.deleteWhere(
          { filter, sourceId, documentId, index: others ? undefined : index },
          options,
        );
      },
    }),
  ],
  [
    "scans with wrong versions",
    /returns the same version, chunk and metadata/,
    (inner) => ({
      async *scan(options) {
        for await (const point of inner.scan(options)) yield { ...point, version: 1 };
      },
    }),
  ],
  [
    "lets a fenced write change another source's point",
    /refuses a fenced write of another source's point/,
    (inner) => ({
      async write(batch, options) {
        await inner.write([], options);
        return inner.write(batch);
      },
    }),
  ],
  [
    "lets a fenced deletion select points of another source",
    /deletes only points of the fence's source/,
    (inner) => ({
      async deleteWhere(selector, options) {
        await inner.write([], options);
        return inner.deleteWhere(selector);
      },
    }),
  ],
  [
    "counts the values of another tenant",
    /counts only values of the tenant/,
    (inner, open) => ({
      facet: async (field, options) => {
        const other: Collection = open(inner.name, { tenant: "a" });
        return (await other.facet?.(field, options)) ?? [];
      },
    }),
  ],
  [
    "ignores the direction of an ordered scan",
    /scans in the order of a field/,
    (inner) => ({
      scan: ({ orderBy, ...options } = {}) =>
        inner.scan(orderBy ? { ...options, orderBy: { ...orderBy, direction: "ascending" } } : options),
    }),
  ],
  [
    "returns the seeds of a like-leg",
    /ranks by the average of stored vectors, without the seeds/,
    (inner) => ({
      async search(query, options) {
        const hits = await inner.search(query, options);
        const [leg] = query.legs;
        const [point] = "like" in leg ? await inner.get(leg.like.slice(0, 1)) : [];
        return point ? [{ ...point, score: 1 }, ...hits] : hits;
      },
    }),
  ],
  [
    "passes wrong arguments on as if they were missing",
    /refuses arguments of the wrong type/,
    (inner) => ({ get: async (ids) => inner.get(Array.isArray(ids) ? ids : []) }),
  ],
];

test.each(faults)("fails the contract if the store %s", async (_, promise, broken) => {
  const cases = vectorStoreContract(async () => brokenStore(broken));
  const failing = cases.filter(({ name }) => promise.test(name));
  expect(failing).toHaveLength(1);
  await expect(failing[0]?.run()).rejects.toThrow();
});

test("fails the contract if a handle reads its binding on each call", async () => {
  const late = (): VectorStore => {
    const inner = new MemoryStore();
    function collection<M extends Metadata>(name: string, binding?: TenantBinding): Collection<M>;
    function collection(name: string, binding?: TenantBinding): Collection {
      const handle = (): Collection => inner.collection(name, binding);
      return {
        ...delegatedCollection(handle()),
        write: (batch, options) => handle().write(batch, options),
        count: (selector, options) => handle().count(selector, options),
      };
    }
    return { ...delegatedStore(inner), collection };
  };
  const check = vectorStoreContract(async () => late()).find(({ name }) =>
    name.startsWith("copies the binding"),
  );
  await expect(check?.run()).rejects.toThrow();
});
