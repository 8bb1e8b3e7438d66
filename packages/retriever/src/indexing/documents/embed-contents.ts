import { BinnacleError, type SparseVector } from "@binnacle/core";
import { abortable, embedChecked, encodeChecked, inBatches } from "@binnacle/core/kit";
import { embeddedText, encodedParts } from "../fingerprint/document-fingerprint.ts";
import type { PointVectors } from "../points/vector-stash.ts";
import type { RunContext } from "../run/run-context.ts";
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
    for (const [position, { chunk }] of batch.entries()) {
      const vector = dense?.[position];
      const vectors = BinnacleError.isInstance(vector)
        ? inChunk(chunk, vector)
        : { dense: vector, sparse: sparse?.[position] };
      contents.set(chunk.contentHash, vectors);
    }
    context.report();
  }
  return contents;
}

async function embedAll(
  { index, spec, tally, call }: RunContext,
  puts: readonly PlannedPut[],
): Promise<readonly (Float32Array | BinnacleError)[] | undefined> {
  if (index.embedder === undefined || spec.dense === undefined) return undefined;
  const { spaceId: id, dimensions } = spec.dense;
  const texts = puts.map(({ chunk }) => embeddedText(chunk));
  const { outcomes } = await embedChecked(
    index.embedder,
    texts,
    { ...call, role: "document" },
    { id, dimensions },
  );
  tally.embeddings += texts.length;
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

function inChunk(chunk: PlannedPut["chunk"], error: BinnacleError): BinnacleError {
  const where = `characters ${chunk.start} to ${chunk.end} (${chunk.tokens} tokens)`;
  return new BinnacleError(
    error.code,
    `${where} cannot be embedded: ${error.message}; nothing was cut off: if it is too long, give the chunker a lower limit`,
    { cause: error, retryable: error.retryable },
  );
}
