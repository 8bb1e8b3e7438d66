import type { Collection, Hit, SearchQuery, Upsert } from "@binnacle/core";
import { randomNumbers } from "../../filled-store.ts";
import { atMost, exactly, shown, type Experiment } from "../experiment.ts";
import { storesMissing, withStores } from "./opened-stores.ts";
import { pointOf } from "./row-points.ts";

const points = 500;
const queries = 100;
const dimensions = 16;
const kinds = ["dense", "sparse", "hybrid", "filtered"] as const;
const metrics = ["cosine", "dot", "euclid"] as const;

/** SB-M2: the same searches in the embedded stores and in Qdrant. */
export const sameRanking: Experiment = {
  title: "the ten best of the embedded stores beside Qdrant's exact search",
  missing: storesMissing,
  run: ({ seed, share }) =>
    withStores(async (stores) => {
      const random = randomNumbers(seed);
      let [compared, differing, largest] = [0, 0, 0];
      for (const metric of metrics) {
        const collections: Collection[] = [];
        const writes = Array.from({ length: points }, (_, number) => randomPoint(number, random));
        for (const { store } of stores) {
          const name = `ranking-${metric}`;
          await store.ensureCollection({
            name,
            dense: { spaceId: "space", dimensions, metric },
            sparse: { encoderId: "encoder" },
            fields: { year: "integer" },
          });
          const collection = store.collection(name);
          await collection.write(writes);
          collections.push(collection);
        }
        for (let i = 0; i < Math.ceil(queries * share); i++) {
          const query = randomQuery(kinds[i % kinds.length] ?? "dense", random);
          const [reference = [], ...others] = await Promise.all(
            collections.map((each) => each.search(query)),
          );
          for (const hits of others) {
            compared += 1;
            const difference = differenceOf(reference, hits);
            largest = Math.max(largest, difference);
            if (difference > 1e-5) differing += 1;
          }
        }
      }
      const isDouble = stores.every(({ isDouble: is }) => is);
      return [
        exactly("searches with another ten best", differing, 0, "searches"),
        { ...atMost("largest difference of a score", 0, 1e-5, ""), value: largest, ok: largest <= 1e-5 },
        shown("searches compared", compared, "searches"),
        ...(isDouble ? [] : [shown("of these on a real engine", compared / 2, "searches")]),
      ];
    }),
};

/**
 * The largest difference of scores; infinite if a point is among the ten best of one alone. Points whose
 * scores are as good as the last one's may take its place.
 */
function differenceOf(reference: readonly Hit[], hits: readonly Hit[]): number {
  if (hits.length !== reference.length) return Infinity;
  const scores = new Map(reference.map(({ id, score }) => [id, score]));
  const last = reference.at(-1)?.score ?? Number.NaN;
  return hits.reduce(
    (largest, { id, score }) => Math.max(largest, Math.abs(score - (scores.get(id) ?? last))),
    0,
  );
}

function randomPoint(number: number, random: () => number): Upsert {
  return pointOf(number, {
    metadata: { year: 1 + Math.floor(random() * 4) },
    dense: Float32Array.from({ length: dimensions }, () => random() - 0.5),
    sparse: terms(6, random),
  });
}

function randomQuery(kind: (typeof kinds)[number], random: () => number): SearchQuery {
  const dense = { dense: Float32Array.from({ length: dimensions }, () => random() - 0.5) };
  const sparse = { sparse: terms(4, random) };
  const year = 1 + Math.floor(random() * 4);
  switch (kind) {
    case "dense":
      return { legs: [dense], limit: 10 };
    case "sparse":
      return { legs: [sparse], limit: 10 };
    case "hybrid":
      return { legs: [dense, sparse], limit: 10, fusion: { kind: "rrf", k: 2 } };
    default:
      return { legs: [dense], limit: 10, filter: { year: { $ne: year } } };
  }
}

function terms(count: number, random: () => number): { indices: Uint32Array; values: Float32Array } {
  const indices = Uint32Array.from(
    new Set(Array.from({ length: count }, () => Math.floor(60 * random() ** 2))),
  ).sort();
  return { indices, values: Float32Array.from(indices, () => 0.5 + random()) };
}
