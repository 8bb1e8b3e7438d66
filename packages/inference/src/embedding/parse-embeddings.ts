import { InvalidResponseError } from "@binnacle/core";
import { parseResponse } from "@binnacle/core/kit";
import { z } from "zod";
import { decodeFloats } from "./decode-floats.ts";

const replySchema = z.object({
  data: z.array(
    z.object({
      index: z.int().nonnegative().nullish(),
      // Some servers answer with numbers although base64 was requested, so both are read. JSON has no NaN, so
      // a broken vector holds null.
      embedding: z.union([z.instanceof(Float32Array), z.string(), z.array(z.number().nullable()), z.null()]),
    }),
  ),
  // A broken count must not cost good vectors.
  usage: z
    .object({ prompt_tokens: z.number().nullish().catch(undefined) })
    .nullish()
    .catch(undefined),
});

/** The vectors that a server returned for one batch. */
export interface Embeddings {
  /** Vectors in the order of the inputs, as the server computed them. */
  readonly vectors: readonly Float32Array[];
  /** Tokens of the batch, if the server reports them. */
  readonly tokens?: number | undefined;
}

/**
 * Reads the body of `POST /v1/embeddings`, as `JSON.parse` or `parseVectorJson` returns it. Items without an
 * index are in the order of the inputs. A number that is null becomes NaN, so that only its own text fails.
 * Throws `InvalidResponseError` unless there is one non-empty vector per input.
 */
export function parseEmbeddings(source: string, body: unknown, count: number): Embeddings {
  const { data: items, usage } = parseResponse(source, replySchema, body);
  const data = items.map(({ index, embedding }, position) => ({ index: index ?? position, embedding }));
  const vectors = new Map(data.map(({ index, embedding }) => [index, vectorOf(source, embedding)]));
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
  return { vectors: ordered, tokens: usage?.prompt_tokens ?? undefined };
}

function vectorOf(
  source: string,
  embedding: Float32Array | string | readonly (number | null)[] | null,
): Float32Array {
  if (embedding instanceof Float32Array) return embedding;
  if (embedding === null) return Float32Array.of(Number.NaN);
  const vector =
    typeof embedding === "string"
      ? decodeFloats(embedding)
      : Float32Array.from(embedding, (value) => value ?? Number.NaN);
  if (vector !== undefined) return vector;
  throw new InvalidResponseError(
    `${source}: cannot decode a vector of ${embedding.length} characters as float32 values in base64`,
  );
}
