import { BinnacleError, type ContentPart, type EmbedInput, type SparseVector } from "@binnacle/core";
import { abortable, embedChecked, encodeChecked, inBatches } from "@binnacle/core/kit";
import { embeddedText, encodedParts } from "../fingerprint/document-fingerprint.ts";
import type { PointVectors } from "../points/vector-stash.ts";
import type { RunContext } from "../run/run-context.ts";
import type { ImageInput } from "./document-images.ts";
import type { PlannedPut } from "./plan-document.ts";

/** Vectors by content hash, or the error of a content without vectors. */
export type EmbeddedContents = ReadonlyMap<string, PointVectors | BinnacleError>;

/**
 * Embeds and encodes contents in batches that keep every slot of the model server busy. The batches are no
 * larger, so that progress and aborts come soon.
 */
export async function embedContents(
  context: RunContext,
  puts: readonly PlannedPut[],
): Promise<EmbeddedContents> {
  const contents = new Map<string, PointVectors | BinnacleError>();
  for (const batch of inBatches(puts, { maxItems: context.limits.embedItems })) {
    const work = Promise.all([embedAll(context, batch), encodeAll(context, batch)]);
    const [dense, sparse] = await abortable(work, context.call.signal);
    for (const [position, put] of batch.entries()) {
      const vector = dense?.[position];
      const vectors = BinnacleError.isInstance(vector)
        ? inChunk(put, vector)
        : { dense: vector, sparse: sparse?.[position] };
      contents.set(put.chunk.contentHash, vectors);
    }
    context.report();
  }
  return contents;
}

async function embedAll(
  { index, spec, images, tally, call }: RunContext,
  puts: readonly PlannedPut[],
): Promise<readonly (Float32Array | BinnacleError)[] | undefined> {
  if (index.embedder === undefined || spec.dense === undefined) return undefined;
  const { spaceId: id, dimensions } = spec.dense;
  const inputs = puts.map((put) => inputOf(put, images));
  const { outcomes } = await embedChecked(
    index.embedder,
    inputs,
    { ...call, role: "document" },
    { id, dimensions },
  );
  tally.embeddings += inputs.length;
  return outcomes;
}

async function encodeAll(
  { index, call }: RunContext,
  puts: readonly PlannedPut[],
): Promise<readonly SparseVector[] | undefined> {
  if (index.sparse === undefined) return undefined;
  const texts = puts.map(({ chunk }) => encodedParts(chunk));
  return encodeChecked(index.sparse, texts, { ...call, role: "document" });
}

function inputOf({ chunk, image }: PlannedPut, images: ImageInput): EmbedInput {
  const text = embeddedText(chunk);
  if (image === undefined) return text;
  const part: ContentPart = { type: "image", image };
  return { content: images === "text+image" ? [{ type: "text", text }, part] : [part] };
}

function inChunk({ chunk, image }: PlannedPut, error: BinnacleError): BinnacleError {
  const options = { cause: error, retryable: error.retryable };
  if (image !== undefined) {
    const what = `an image (${image.mediaType}, ${image.data.byteLength} bytes)`;
    return new BinnacleError(error.code, `${what} cannot be embedded: ${error.message}`, options);
  }
  const where = `characters ${chunk.start} to ${chunk.end} (${chunk.tokens} tokens)`;
  return new BinnacleError(
    error.code,
    `${where} cannot be embedded: ${error.message}; nothing was cut off: if it is too long, give the chunker a lower limit`,
    options,
  );
}
