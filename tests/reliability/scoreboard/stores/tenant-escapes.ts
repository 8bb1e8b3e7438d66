import { BinnacleError, type Collection, type VectorStore } from "@binnacle/core";
import fc from "fast-check";
import { exactly, shown, type Experiment, type Figure } from "../experiment.ts";
import { escapeOf, type Escape } from "./escape.ts";
import { storesMissing, withStores } from "./opened-stores.ts";
import { chunk, idOf, pointOf, spec } from "./row-points.ts";

/** 100,000 in all. */
const cases = { memory: 90_000, sqlite: 9_000, qdrant: 1_000 } as const;
const [mine, theirs] = ["a", "b"];
const points = 4;

/**
 * SB-T1: one tenant's calls with hostile filters, ids and metadata, beside another tenant with the same ids.
 */
export const tenantEscapes: Experiment = {
  title: "hostile filters, ids, metadata and cursors of one tenant beside another",
  missing: storesMissing,
  run: ({ seed, share }) =>
    withStores(async (stores) => {
      const figures: Figure[] = [];
      for (const { name, store } of stores) {
        const numRuns = Math.ceil(cases[name] * share);
        const found = await escape(store, fc.sample(escapeOf, { numRuns, seed }));
        figures.push(
          exactly(`foreign points seen in ${name}`, found.seen, 0, "points"),
          exactly(`foreign points changed in ${name}`, found.changed, 0, "points"),
          exactly(`answers of ${name} that tell a foreign id from an unknown one`, found.told, 0, "answers"),
          exactly(`errors of ${name} without a type`, found.crashed, 0, "errors"),
          shown(`escapes tried in ${name}`, numRuns, "calls"),
          shown(`of these refused by ${name}`, found.refused, "calls"),
        );
      }
      return figures;
    }),
};

interface Found {
  seen: number;
  changed: number;
  told: number;
  crashed: number;
  refused: number;
}

async function escape(store: VectorStore, escapes: readonly Escape[]): Promise<Found> {
  const found: Found = { seen: 0, changed: 0, told: 0, crashed: 0, refused: 0 };
  await store.ensureCollection({ ...spec, tenancy: "required" });
  const [own, foreign] = [mine, theirs].map((tenant) => store.collection(spec.name, { tenant }));
  if (!own || !foreign) return found;
  await fill(own, mine, 2);
  await fill(foreign, theirs, points);
  const before = await stateOf(foreign);
  for (const [number, each] of escapes.entries()) {
    try {
      const { texts, isTold } = await each.run(own);
      found.seen += texts.filter((text) => text !== mine).length;
      if (isTold) found.told += 1;
    } catch (error) {
      if (BinnacleError.isInstance(error)) found.refused += 1;
      else {
        found.crashed += 1;
        console.error(`reliability: T1 ${each.name}: ${String(error)}`);
      }
    }
    const isLast = number === escapes.length - 1;
    if ((!isLast && each.isRead) || (await stateOf(foreign)) === before) continue;
    found.changed += 1;
    console.error(`reliability: T1 ${each.name} changed a foreign point`);
    await fill(foreign, theirs, points);
  }
  return found;
}

async function fill(collection: Collection, text: string, count: number): Promise<void> {
  const writes = Array.from({ length: count }, (_, number) =>
    pointOf(number, {
      chunk: { ...chunk, text },
      metadata: { kind: text, year: number, title: `${text} page` },
    }),
  );
  await collection.write(writes);
}

/** Every point with its version. */
async function stateOf(collection: Collection): Promise<string> {
  const found = await collection.get(Array.from({ length: points }, (_, number) => idOf(number)));
  return JSON.stringify([found, await collection.count()]);
}
