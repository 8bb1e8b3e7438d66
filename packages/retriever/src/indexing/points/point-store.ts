import type { Collection } from "@binnacle/core";

/** The part of the collection that a run uses. */
export type PointStore = Pick<Collection, "write" | "get" | "scan" | "epoch">;
