import { InvalidResponseError } from "../../errors/invalid-response-error.ts";
import type { EmbedOptions } from "../../spec/embedder.ts";
import type { SparseEncoder, SparseInput, SparseVector } from "../../spec/sparse-encoder.ts";
import { describeValue } from "../parsing/describe-value.ts";
import { sparseVectorIssue } from "../vectors.ts";

/** Calls a sparse encoder and checks the result, because the encoder may be an app's own. Throws an
 * `InvalidResponseError` unless each text has one valid vector. */
export async function encodeChecked(
  encoder: SparseEncoder,
  texts: readonly SparseInput[],
  options: EmbedOptions,
): Promise<readonly SparseVector[]> {
  const vectors: readonly SparseVector[] = await encoder.encode(texts, options);
  const given: unknown = vectors;
  if (!Array.isArray(given)) throw unusable(encoder, `expected an array, got ${describeValue(given)}`);
  if (given.length !== texts.length)
    throw unusable(encoder, `it has ${given.length} vectors for ${texts.length} texts`);
  for (const [i, vector] of vectors.entries()) {
    const issue = shapeIssue(vector) ?? sparseVectorIssue(vector)?.message;
    if (issue !== undefined) throw unusable(encoder, `vector ${i}: ${issue}`);
  }
  return vectors;
}

function shapeIssue(vector: unknown): string | undefined {
  if (typeof vector !== "object" || vector === null)
    return `expected { indices, values }, got ${describeValue(vector)}`;
  const indices: unknown = Reflect.get(vector, "indices");
  if (!(indices instanceof Uint32Array))
    return `\`indices\` must be a Uint32Array, got ${describeValue(indices)}`;
  const values: unknown = Reflect.get(vector, "values");
  if (!(values instanceof Float32Array))
    return `\`values\` must be a Float32Array, got ${describeValue(values)}`;
  return undefined;
}

function unusable({ id }: SparseEncoder, message: string): InvalidResponseError {
  return new InvalidResponseError(
    `Sparse encoder "${id}" returned an invalid result, so none of its vectors is used: ${message}`,
  );
}
