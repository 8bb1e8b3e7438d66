import type { StoreCapabilities } from "@binnacle/core";

/** The capabilities of both embedded stores. The durability depends on the store. */
export const embeddedCapabilities: Omit<StoreCapabilities, "durability"> = {
  fences: "enforced",
  metrics: ["cosine", "dot", "euclid"],
  maxDimensions: 65_536, // as in Qdrant
  sparse: true,
  idfScopes: ["tenant"],
  sparseStatistics: "exact",
  search: "exact",
  tieBreak: "id",
  epochs: true,
  features: ["dbsf", "boost", "mmr", "effort", "like", "discover", "orderBy", "groups", "facet"],
};
