import { InvalidResponseError } from "@binnacle/core";
import { parseResponse } from "@binnacle/core/kit";
import { z } from "zod";

const replySchema = z.object({
  data: z.array(
    z.object({
      index: z.int().nonnegative(),
      // Some servers answer with numbers although base64 was requested, so both are read.
      embedding: z.union([z.string(), z.array(z.number())]),
    }),
  ),
  usage: z.object({ prompt_tokens: z.number() }).nullish(),
});

/** The vectors that a server returned for one batch. */
export interface Embeddings {
  /** Vectors in the order of the inputs, as the server computed them. */
  readonly vectors: readonly Float32Array[];
  /** Tokens of the batch, if the server reports them. */
  readonly tokens?: number | undefined;
}

/**
 * Reads the body of `POST /v1/embeddings`. Throws `InvalidResponseError` unless there is one non-empty vector
 * per input.
 */
export function parseEmbeddings(source: string, body: unknown, count: number): Embeddings {
  const { data, usage } = parseResponse(source, replySchema, body);
  const vectors = new Map(data.map(({ index, embedding }) => [index, decodeVector(source, embedding)]));
  const ordered = Array.from({ length: count }, (_, index) => vectors.get(index)).filter(
    (v) => v !== undefined,
  );
  if (ordered.length !== count || data.length !== count) {
    // The count alone may be right if one index is repeated.
    const indexes = data.slice(0, 20).map(({ index }) => index);
    const came = `${data.length} with the indexes ${indexes.join(", ") || "none"}${data.length > 20 ? ", …" : ""}`;
    throw new InvalidResponseError(`${source}: expected ${count} vectors, one per input, got ${came}`);
  }
  if (ordered.some(({ length }) => length === 0)) {
    throw new InvalidResponseError(`${source}: expected vectors, got one without numbers`);
  }
  return { vectors: ordered, tokens: usage?.prompt_tokens };
}

/** Decodes numbers, or little-endian float32 values in base64, into a new array. */
function decodeVector(source: string, embedding: string | readonly number[]): Float32Array {
  if (typeof embedding !== "string") return Float32Array.from(embedding);
  const padding = embedding.endsWith("==") ? 2 : embedding.endsWith("=") ? 1 : 0;
  const byteLength = Math.floor(((embedding.length - padding) * 3) / 4);
  if (byteLength % 4 === 0) {
    const vector = new Float32Array(byteLength / 4);
    // Buffer skips characters that are not base64, so only the length shows them.
    if (Buffer.from(vector.buffer).write(embedding, "base64") === byteLength) return vector;
  }
  throw new InvalidResponseError(
    `${source}: cannot decode a vector of ${embedding.length} characters as float32 values in base64`,
  );
}
