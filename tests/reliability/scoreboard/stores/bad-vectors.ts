import type { Collection } from "@binnacle/core";
import { exactly, shown, type Experiment, type Figure } from "../experiment.ts";
import { storesMissing, withStores } from "./opened-stores.ts";
import { idOf, pointOf, spec, untyped, writeOne } from "./row-points.ts";
import { TriedCalls } from "./tried-calls.ts";

const bad: Readonly<Record<string, unknown>> = {
  NaN: Float32Array.of(1, NaN, 0, 0),
  Infinity: Float32Array.of(1, Infinity, 0, 0),
  "-Infinity": Float32Array.of(1, 0, 0, -Infinity),
  zeros: new Float32Array(4),
  "-0 only": Float32Array.of(-0, 0, -0, 0),
  "3 numbers": Float32Array.of(1, 2, 3),
  "no numbers": new Float32Array(0),
  "65,537 numbers": new Float32Array(65_537).fill(1),
  "double beyond float32": [1, 3.5e38, 1, 1],
  text: ["1", "2", "3", "4"],
  holes: Array(4),
  missing: undefined,
};
const badSparse: Readonly<Record<string, unknown>> = {
  unsorted: { indices: Uint32Array.of(2, 1), values: Float32Array.of(1, 1) },
  twice: { indices: Uint32Array.of(1, 1), values: Float32Array.of(1, 1) },
  NaN: { indices: Uint32Array.of(1), values: Float32Array.of(NaN) },
  uneven: { indices: Uint32Array.of(1, 2), values: Float32Array.of(1) },
  "negative index": { indices: [-1], values: [1] },
  "index of 2^32": { indices: [2 ** 32], values: [1] },
};
/** Valid, though they look odd: -0 and the smallest and largest numbers. */
const odd: Readonly<Record<string, readonly number[]>> = {
  "-0": [-0, 1, 0, 0],
  denormal: [1.401298464324817e-45, 1, 0, 0],
  "only denormals": [1.401298464324817e-45, 0, 0, 0],
  largest: [3.4028234663852886e38, 1, 1, 1],
};

/** SB-V1: vectors that are broken, and vectors that only look so. */
export const badVectors: Experiment = {
  title: "vectors with NaN, infinities, zeros, other lengths and types, in every store",
  missing: storesMissing,
  run: () =>
    withStores(async (stores) => {
      const figures: Figure[] = [];
      for (const { name, store } of stores) {
        const tried = new TriedCalls();
        await store.ensureCollection(spec);
        const collection = store.collection(spec.name);
        await tryWrites(collection, tried);
        await trySearches(collection, tried);
        const accepted = tried.accepted;
        const stored = await collection.count();
        for (const [label, numbers] of Object.entries(odd))
          await tried.equal(label, () => isKept(collection, numbers));
        figures.push(
          exactly(`accepted by ${name}`, accepted, 0, "vectors"),
          exactly(`points in ${name} after refused writes`, stored, 0, "points"),
          exactly(`errors of ${name} without a type`, tried.crashed, 0, "errors"),
          exactly(`valid vectors that ${name} changed`, tried.changed, 0, "vectors"),
          shown(`vectors tried in ${name}`, tried.cases, "vectors"),
        );
      }
      return figures;
    }),
};

async function tryWrites(collection: Collection, tried: TriedCalls): Promise<void> {
  for (const [label, dense] of Object.entries(bad))
    await tried.refused(`write ${label}`, () => writeOne(collection, pointOf(1, { dense: untyped(dense) })));
  for (const [label, sparse] of Object.entries(badSparse))
    await tried.refused(`write ${label}`, () =>
      writeOne(collection, pointOf(1, { sparse: untyped(sparse) })),
    );
}

async function trySearches(collection: Collection, tried: TriedCalls): Promise<void> {
  for (const [label, dense] of Object.entries({
    ...bad,
    doubles: Float64Array.of(1, 2, 3, 4),
    integers: Int8Array.of(1, 2, 3, 4),
  }))
    await tried.refused(`search ${label}`, () =>
      collection.search({ legs: [{ dense: untyped(dense) }], limit: 1 }),
    );
  for (const [label, sparse] of Object.entries(badSparse))
    await tried.refused(`search ${label}`, () =>
      collection.search({ legs: [{ sparse: untyped(sparse) }], limit: 1 }),
    );
}

async function isKept(collection: Collection, numbers: readonly number[]): Promise<boolean> {
  const dense = Float32Array.from(numbers);
  await writeOne(collection, pointOf(1, { dense }));
  const [point] = await collection.get([idOf(1)], { includeVectors: true });
  // JSON has no -0, and 0 compares equal to it.
  return point?.dense?.every((value, i) => value === dense[i]) ?? false;
}
