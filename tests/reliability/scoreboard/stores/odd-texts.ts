import { isDeepStrictEqual } from "node:util";
import type { Collection } from "@binnacle/core";
import fc from "fast-check";
import { exactly, shown, type Experiment, type Figure } from "../experiment.ts";
import { storesMissing, withStores } from "./opened-stores.ts";
import { chunk, idOf, pointOf, spec, writeOne } from "./row-points.ts";
import { TriedCalls } from "./tried-calls.ts";

const texts: Readonly<Record<string, string>> = {
  "lone high surrogate": "a\ud800b",
  "lone low surrogate": "\udc00",
  NUL: "a\u0000b",
  BOM: "\ufeffstart",
  "right to left": "\u202eabc שלום",
  emoji: "👩‍👩‍👧‍👦🇩🇪",
  composed: "\u00e9",
  decomposed: "e\u0301",
  "line ends": "a\r\nb\u2028c\u2029d",
  empty: "",
  quotes: `"'\\\`$\{x}%s`,
  "1 MB": "ü".repeat(500_000),
};
const generated = 300;

/** SB-V2: texts that break encoders, as content, keys and values. */
export const oddTexts: Experiment = {
  title: "surrogates, NUL, BOM, right to left, 1 MB, composed twins: content, keys and values in every store",
  missing: storesMissing,
  run: ({ seed, share }) =>
    withStores(async (stores) => {
      const figures: Figure[] = [];
      const random = fc.sample(fc.string({ unit: "binary" }), {
        numRuns: Math.ceil(generated * share),
        seed,
      });
      for (const { name, store } of stores) {
        const tried = new TriedCalls();
        await store.ensureCollection(spec);
        const collection = store.collection(spec.name);
        for (const [label, text] of [
          ...Object.entries(texts),
          ...random.map((text, i) => [`generated ${i}`, text] as const),
        ])
          await tried.equal(label, () => isKept(collection, text));
        const twins = await twinsFound(collection);
        figures.push(
          exactly(`texts that ${name} changed`, tried.changed, 0, "texts"),
          exactly(`errors of ${name} without a type`, tried.crashed, 0, "errors"),
          exactly(`composed twins that ${name} took for one`, twins, 0, "points"),
          shown(`texts tried in ${name}`, tried.cases, "texts"),
        );
      }
      return figures;
    }),
};

async function isKept(collection: Collection, text: string): Promise<boolean> {
  const point = pointOf(1, {
    chunk: { ...chunk, documentId: text, text, context: text, path: [text], title: text },
    metadata: { kind: text, free: [text], [text]: text },
  });
  await writeOne(collection, point);
  const [found] = await collection.get([idOf(1)]);
  const count = await collection.count({ filter: { kind: text } });
  return (
    isDeepStrictEqual(found?.chunk, point.chunk) &&
    isDeepStrictEqual(Object.entries(found?.metadata ?? {}), Object.entries(point.metadata)) &&
    count === 1
  );
}

/** A filter for the composed letter must not find the decomposed one. */
async function twinsFound(collection: Collection): Promise<number> {
  await writeOne(collection, pointOf(1, { metadata: { kind: "\u00e9" } }));
  await writeOne(collection, pointOf(2, { metadata: { kind: "e\u0301" } }));
  const composed = await collection.count({ filter: { kind: "\u00e9" } });
  const decomposed = await collection.count({ filter: { kind: "e\u0301" } });
  return Math.abs(composed - 1) + Math.abs(decomposed - 1);
}
