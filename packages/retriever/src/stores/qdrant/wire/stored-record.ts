import type { SparseVector, StoredPoint } from "@binnacle/core";
import { z } from "zod";
import type { OpenCollection } from "../collections/open-collections.ts";
import { readPayload } from "./point-payload.ts";
import { DENSE, SPARSE } from "./payload-keys.ts";

// Not z.array(z.number()), because it checks each of a thousand numbers.
const numbers = z.custom<readonly number[]>(Array.isArray, "expected a list of numbers");

const vectors = z.object({
  [DENSE]: numbers.optional(),
  [SPARSE]: z.object({ indices: numbers, values: numbers }).optional(),
});

/** A point as the server returns it. */
export const recordSchema: z.ZodObject<{
  id: z.ZodString;
  payload: z.ZodOptional<z.ZodUnknown>;
  vector: z.ZodOptional<z.ZodUnknown>;
}> = z.object({ id: z.string(), payload: z.unknown().optional(), vector: z.unknown().optional() });

/** A point on the wire. */
export type StoredRecord = z.output<typeof recordSchema>;

/** Reads a point, with its vectors if they were requested. */
export function storedPoint(
  record: StoredRecord,
  { spec }: OpenCollection,
  includeVectors: boolean,
): StoredPoint {
  const { version, chunk, metadata, norm, id = record.id } = readPayload(record.payload);
  const point = { id, version, chunk, metadata };
  if (!includeVectors) return point;
  const { [DENSE]: dense, [SPARSE]: sparse } = vectors.parse(record.vector ?? {});
  return {
    ...point,
    ...(spec.dense && { dense: denseVector(dense ?? [], norm) }),
    ...(spec.sparse && { sparse: sparseVector(sparse?.indices ?? [], sparse?.values ?? []) }),
  };
}

/** The dense vector as the server holds it: normalized if the metric is cosine. */
export function denseAsHeld(record: StoredRecord): Float32Array {
  const { [DENSE]: dense } = vectors.parse(record.vector ?? {});
  return Float32Array.from(dense ?? []);
}

/** Returns the weight of a term in a point's sparse vector. */
export function termWeight(record: StoredRecord, term: number): number | undefined {
  const { [SPARSE]: sparse } = vectors.parse(record.vector ?? {});
  const at = sparse?.indices.indexOf(term) ?? -1;
  return at < 0 ? undefined : sparse?.values[at];
}

/** Restores the given numbers. The vector was normalized when it was written, so it is multiplied by its
 * length. */
function denseVector(values: readonly number[], norm = 1): Float32Array {
  const vector = new Float32Array(values.length);
  // Float32Array.from with a function takes many times as long.
  for (let i = 0; i < vector.length; i++) vector[i] = (values[i] ?? 0) * norm;
  return vector;
}

function sparseVector(indices: readonly number[], values: readonly number[]): SparseVector {
  const order = indices.map((_, i) => i).sort((a, b) => (indices[a] ?? 0) - (indices[b] ?? 0));
  return {
    indices: Uint32Array.from(order, (i) => indices[i] ?? 0),
    values: Float32Array.from(order, (i) => values[i] ?? 0),
  };
}
