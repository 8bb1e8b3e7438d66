import assert from "node:assert/strict";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import type { CallOptions } from "../../spec/call-options.ts";
import type { Collection, Upsert } from "../../spec/collection.ts";
import type { Metadata } from "../../spec/metadata.ts";
import type { Leg, SearchQuery } from "../../spec/search.ts";
import type { StoreFeature, VectorStore } from "../../spec/vector-store.ts";
import { collect, denseLeg, docs, idOf, upsert, type StorePromise } from "./contract-points.ts";
import { QUERY } from "./every-call.ts";
import { assertUnsupported, either } from "./needs.ts";

/** A promise about an optional feature. A store without it must refuse its use. */
export function withFeature(
  feature: StoreFeature,
  name: string,
  yes: (store: VectorStore) => Promise<void>,
): StorePromise {
  return either(name, ({ features = [] }) => features.includes(feature), {
    yes,
    no: async (store) => {
      const use = featureUses(await docs(store))[feature];
      if (use) await assertUnsupported(use(), feature);
    },
  });
}

/**
 * Returns a valid use of each feature in {@link DOCS} with point 1. Undefined for a method that the
 * collection does not have.
 */
export function featureUses(
  collection: Collection,
  options: CallOptions = {},
): Readonly<Record<StoreFeature, (() => Promise<unknown>) | undefined>> {
  const leg: Leg = denseLeg([1, 0, 0]);
  const search = (part: Partial<SearchQuery>) => () => collection.search({ ...QUERY, ...part }, options);
  const { searchGroups, facet } = collection;
  return {
    dbsf: search({ legs: [leg, leg], fusion: { kind: "dbsf" } }),
    boost: search({ boost: [{ when: {}, add: 1 }] }),
    mmr: search({ mmr: { diversity: 0.5 } }),
    effort: search({ legs: [{ dense: Float32Array.of(1, 0, 0), effort: "exact" }] }),
    like: search({ legs: [{ like: [idOf(1)] }] }),
    discover: search({ legs: [{ discover: [{ like: idOf(1), unlike: idOf(1) }] }] }),
    orderBy: () =>
      collect(collection.scan({ orderBy: { field: "year", direction: "ascending" }, ...options })),
    groups: searchGroups && (() => searchGroups(QUERY, { by: "kind", size: 1, ...options })),
    facet: facet && (() => facet("kind", options)),
  };
}

/** Asserts that each query is refused with a `ConfigurationError` whose message holds the given text. */
export async function assertRefused(
  collection: Collection,
  queries: readonly (readonly [text: string, query: SearchQuery])[],
): Promise<void> {
  for (const [text, query] of queries)
    await assert.rejects(collection.search(query), (error) => {
      assert.ok(ConfigurationError.isInstance(error), `${text}: ${String(error)}`);
      assert.ok(error.message.includes(text), `expected "${text}" in: ${error.message}`);
      return true;
    });
}

/** Creates a collection with a field of each type that has facets or an order. */
export function typedDocs(store: VectorStore): Promise<Collection> {
  const fields = {
    kind: "keyword",
    year: "integer",
    rating: "float",
    seen: "datetime",
    open: "boolean",
    body: "text",
  } as const;
  return docs(store, { fields });
}

/** Returns one point per metadata, numbered from 1. Higher numbers are farther from the query (1, 0, 0). */
export function pointsOf(metadata: readonly Metadata[]): readonly Upsert[] {
  return metadata.map((each, i) => upsert(i + 1, { metadata: each }));
}
