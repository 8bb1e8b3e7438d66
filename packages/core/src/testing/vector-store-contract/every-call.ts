import type { CallOptions } from "../../spec/call-options.ts";
import type { Collection } from "../../spec/collection.ts";
import type { SearchQuery } from "../../spec/search.ts";
import { collect, denseLeg, idOf, upsert } from "./contract-points.ts";

/** A search that is valid in any collection of the contract. */
export const QUERY: SearchQuery = { legs: [denseLeg([1, 0, 0])], limit: 9 };

/** The calls of {@link everyCall}. */
export type CallName = "write" | "deleteWhere" | "get" | "scan" | "count" | "search" | "searchMany" | "epoch";

/** Returns every call of a handle that is valid in each collection, with valid arguments. */
export function everyCall(
  collection: Collection,
  options?: CallOptions,
): Readonly<Record<CallName, () => Promise<unknown>>> {
  return {
    write: () => collection.write([upsert(1)], options),
    deleteWhere: () => collection.deleteWhere({ sourceId: "source" }, options),
    get: () => collection.get([idOf(1)], options),
    scan: () => collect(collection.scan(options)),
    count: () => collection.count({}, options),
    search: () => collection.search(QUERY, options),
    searchMany: () => collection.searchMany([QUERY], options),
    epoch: () => collection.epoch(options),
  };
}

/** Returns the calls of {@link everyCall} and `termStatistics`, which only a collection with sparse vectors
 * answers. For promises about refused calls. */
export function everyRefusedCall(
  collection: Collection,
  options?: CallOptions,
): Readonly<Record<CallName | "termStatistics", () => Promise<unknown>>> {
  return {
    ...everyCall(collection, options),
    termStatistics: () => collection.termStatistics(Uint32Array.of(1), options),
  };
}
