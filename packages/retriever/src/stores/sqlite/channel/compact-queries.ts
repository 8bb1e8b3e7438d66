import type { Leg, SearchQuery } from "@binnacle/core";
import { plainQuery } from "./plain-selector.ts";

/** Returns the queries with vectors that own their memory, because a view would send the whole buffer
 * behind it to the other thread. Invalid queries are left unchanged, and the worker reports them. */
export function compactQueries(queries: readonly SearchQuery[]): readonly SearchQuery[] {
  return queries.map(plainQuery).map((query) => {
    if (!isObject(query) || !Array.isArray(query.legs)) return query;
    const [first, ...rest] = query.legs;
    return { ...query, legs: [compactLeg(first), ...rest.map(compactLeg)] };
  });
}

function compactLeg(leg: Leg): Leg {
  if (!isObject(leg)) return leg;
  if ("dense" in leg) return { ...leg, dense: owned(leg.dense) };
  if (!("sparse" in leg) || !isObject(leg.sparse)) return leg;
  const { indices, values } = leg.sparse;
  return { ...leg, sparse: { ...leg.sparse, indices: owned(indices), values: owned(values) } };
}

function owned<A extends Float32Array | Uint32Array>(numbers: A): A;
function owned(numbers: Float32Array | Uint32Array): Float32Array | Uint32Array {
  return ArrayBuffer.isView(numbers) && numbers.byteLength !== numbers.buffer.byteLength
    ? numbers.slice()
    : numbers;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
