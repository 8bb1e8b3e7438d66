import { InvalidResponseError } from "@binnacle/core";
import { describeValue } from "@binnacle/core/kit";
import type { ServerIdentity } from "../server/model-server.ts";

/** Copies the vectors of a foreign embedder. Throws an `InvalidResponseError` unless there is one per text. */
export function vectorsOf(
  answer: unknown,
  count: number,
  { label, address }: Pick<ServerIdentity, "label" | "address">,
): readonly Float32Array[] {
  const vectors: readonly unknown[] = Array.isArray(answer) ? answer : [];
  if (vectors.length !== count) {
    const got = Array.isArray(answer) ? `${answer.length}` : describeValue(answer);
    throw new InvalidResponseError(`${label}: expected ${count} vectors, one per text, got ${got}`, {
      replica: address,
    });
  }
  return vectors.map((vector) => {
    if (vector instanceof Float32Array) return vector.slice();
    if (isNumbers(vector) && vector.length > 0) return Float32Array.from(vector);
    throw new InvalidResponseError(`${label}: expected a vector of numbers, got ${describeValue(vector)}`, {
      replica: address,
    });
  });
}

// A value that is no number becomes NaN, which the embedder reports for its text alone.
function isNumbers(vector: unknown): vector is readonly number[] {
  return Array.isArray(vector);
}
