import type { StoreFeature } from "@binnacle/core";

/** The optional searches and reads of the store. */
export const QDRANT_FEATURES: readonly StoreFeature[] = [
  "dbsf",
  "boost",
  "mmr",
  "effort",
  "like",
  "discover",
  "orderBy",
  "groups",
  "facet",
];
