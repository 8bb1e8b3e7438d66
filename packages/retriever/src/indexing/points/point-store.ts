import type { Collection } from "@binnacle/core";

/** What a run asks of the collection. */
export type PointStore = Pick<Collection, "write" | "get" | "scan" | "epoch">;
