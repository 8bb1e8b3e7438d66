import { InferenceError, InvalidResponseError } from "@binnacle/core";
import { parseResponse } from "@binnacle/core/kit";
import { z } from "zod";
import { parseEmbeddings, type Embeddings } from "../../embedding/parse-embeddings.ts";
import { parseVectorJson } from "../../embedding/parse-vector-json.ts";
import type { BinaryAnswer } from "../../server/model-server.ts";

/** A way to send vectors, from the cheapest to the one that every version knows. */
export type VectorFormat = "bytes" | "base64" | "float";

const formats: readonly VectorFormat[] = ["bytes", "base64", "float"];

// The answer lists its items in a header, about 110 bytes each. Node refuses more than 16 KiB of headers.
const maxItemsAsBytes = 100;

const metadataSchema = z.object({
  data: z.array(
    z.object({
      index: z.int().nonnegative(),
      embed_dtype: z.literal("float32"),
      endianness: z.literal("little"),
      start: z.int().nonnegative(),
      end: z.int().nonnegative(),
      shape: z.array(z.int().nonnegative()),
    }),
  ),
  usage: z.object({ prompt_tokens: z.number() }).nullish(),
});

/** Returns the fields that ask for vectors in a format. `bytes` becomes `base64` if the batch is too large. */
export function formatFields(format: VectorFormat, count: number): Record<string, unknown> {
  if (format === "bytes" && count <= maxItemsAsBytes)
    return { encoding_format: "bytes", embed_dtype: "float32", endianness: "little" };
  return { encoding_format: format === "bytes" ? "base64" : format };
}

/** Returns the next format to try if the server refused this one, or undefined if the request is to blame. */
export function formatAfter(format: VectorFormat, error: unknown): VectorFormat | undefined {
  const isRefused =
    InferenceError.isInstance(error) &&
    ["invalid-request", "unsupported"].includes(error.kind) &&
    /encoding_format|embed_dtype|base64/.test(error.message);
  return isRefused ? formats[formats.indexOf(format) + 1] : undefined;
}

/**
 * Reads an answer in the format that it has, whichever was asked for. Throws `InvalidResponseError` unless
 * there is one non-empty vector per input and every length agrees.
 */
export function readEmbeddings(source: string, answer: BinaryAnswer, count: number): Embeddings {
  const metadata = answer.header("metadata");
  const isBinary = answer.header("content-type")?.startsWith("application/octet-stream") === true;
  if (metadata === null && !isBinary)
    return parseEmbeddings(source, jsonOf(source, answer.body, parseVectorJson), count);
  const { data, usage } = parseResponse(source, metadataSchema, jsonOf(source, metadata ?? "", JSON.parse));
  const vectors = Array.from({ length: count }, (_, index) => {
    const item = data.find((one) => one.index === index);
    return item && floatsOf(source, answer.body, item);
  }).filter((vector) => vector !== undefined);
  const length = data.reduce((sum, { start, end }) => sum + end - start, 0);
  if (vectors.length !== count || data.length !== count || length !== answer.body.byteLength) {
    throw new InvalidResponseError(
      `${source}: expected ${count} vectors, one per input, got ${data.length} in ${answer.body.byteLength} bytes, of which the header describes ${length}`,
    );
  }
  return { vectors, tokens: usage?.prompt_tokens };
}

function floatsOf(
  source: string,
  body: Uint8Array,
  { start, end, shape }: { readonly start: number; readonly end: number; readonly shape: readonly number[] },
): Float32Array {
  const count = shape.reduce((product, one) => product * one, 1);
  if (count === 0 || end - start !== count * 4 || end > body.byteLength) {
    throw new InvalidResponseError(
      `${source}: cannot read a vector of shape [${shape.join(", ")}] from the bytes ${start} to ${end} of ${body.byteLength}`,
    );
  }
  // A copy, because the body may be unaligned. `slice` of a `Buffer` would be a view of a larger memory.
  return new Float32Array(new Uint8Array(body.subarray(start, end)).buffer);
}

function jsonOf<T extends string | Uint8Array>(
  source: string,
  from: T,
  parse: (from: T) => unknown,
): unknown {
  try {
    return parse(from);
  } catch {
    const text = typeof from === "string" ? from : new TextDecoder().decode(from);
    throw new InvalidResponseError(
      `${source}: expected vectors as bytes or JSON, got "${text.slice(0, 200)}"`,
    );
  }
}
