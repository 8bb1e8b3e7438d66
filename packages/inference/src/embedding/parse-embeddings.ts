import { InvalidResponseError } from "@binnacle/core";
import { parseResponse } from "@binnacle/core/kit";
import { z } from "zod";

const replySchema = z.object({
  data: z.array(
    z.object({
      index: z.int().nonnegative(),
      // Asked for base64, some servers answer with numbers all the same: both are read, by what came.
      embedding: z.union([z.string(), z.array(z.number())]),
    }),
  ),
  usage: z.object({ prompt_tokens: z.number() }).nullish(),
});

/** What a server answered for one batch. */
export interface Embeddings {
  /** In the order of the inputs, as the server computed them. */
  readonly vectors: readonly Float32Array[];
  /** Tokens, where the server says. */
  readonly tokens?: number | undefined;
}

/** Reads the body of `POST /v1/embeddings`. Throws `InvalidResponseError` unless there is one vector per input, with numbers. */
export function parseEmbeddings(source: string, body: unknown, count: number): Embeddings {
  const { data, usage } = parseResponse(source, replySchema, body);
  const vectors = new Map(data.map(({ index, embedding }) => [index, decodeVector(source, embedding)]));
  const ordered = Array.from({ length: count }, (_, index) => vectors.get(index)).filter(
    (v) => v !== undefined,
  );
  if (ordered.length !== count || data.length !== count) {
    // The number alone may be right, where one index stands twice.
    const indexes = data.slice(0, 20).map(({ index }) => index);
    const came = `${data.length} with the indexes ${indexes.join(", ") || "none"}${data.length > 20 ? ", …" : ""}`;
    throw new InvalidResponseError(`${source}: expected ${count} vectors, one per input, got ${came}`);
  }
  if (ordered.some(({ length }) => length === 0)) {
    throw new InvalidResponseError(`${source}: expected vectors, got one without numbers`);
  }
  return { vectors: ordered, tokens: usage?.prompt_tokens };
}

/** Little-endian float32 in base64, or plain numbers. The vector has memory of its own. */
function decodeVector(source: string, embedding: string | readonly number[]): Float32Array {
  if (typeof embedding !== "string") return Float32Array.from(embedding);
  const bytes = Buffer.from(embedding, "base64");
  // Buffer skips what is no base64, so that only the length tells.
  if (bytes.length % 4 !== 0 || bytes.length !== Math.floor((embedding.replace(/=+$/, "").length * 3) / 4)) {
    throw new InvalidResponseError(
      `${source}: a vector of ${embedding.length} characters is no base64 of float32 values`,
    );
  }
  const own = new Uint8Array(bytes); // Buffer's memory is shared, and need not be aligned
  return new Float32Array(own.buffer);
}
