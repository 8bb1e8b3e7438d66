import { BinnacleError, type SparseVector } from "@binnacle/core";
import { describeChecked, embedChecked, encodeChecked, inBatches, pointId } from "@binnacle/core/kit";
import { embeddedText } from "../fingerprint/document-fingerprint.ts";
import type { PlannedPut } from "./plan-document.ts";
import type { RunContext } from "../sync/run-context.ts";

/** The vectors of one content. */
export interface PointVectors {
  readonly dense?: Float32Array | undefined;
  readonly sparse?: SparseVector | undefined;
}

/** Vectors by content hash, or why a content has none. */
export type ResolvedVectors = ReadonlyMap<string, PointVectors | BinnacleError>;

/**
 * Finds vectors for points: from points that hold the same content, after reading and comparing it, else from embedder
 * and encoder. Equal contents are embedded once.
 */
export async function resolveVectors(
  context: RunContext,
  puts: readonly PlannedPut[],
): Promise<ResolvedVectors> {
  const wanted = new Map(puts.map((put) => [put.chunk.contentHash, put]));
  const vectors = new Map<string, PointVectors | BinnacleError>(await reusedVectors(context, wanted));
  const missing = [...wanted.values()].filter(({ chunk }) => !vectors.has(chunk.contentHash));
  for (const batch of await embeddingBatches(context, missing)) {
    const [dense, sparse] = await Promise.all([embedAll(context, batch), encodeAll(context, batch)]);
    for (const [position, { chunk }] of batch.entries()) {
      const vector = dense?.[position];
      vectors.set(
        chunk.contentHash,
        BinnacleError.isInstance(vector) ? vector : { dense: vector, sparse: sparse?.[position] },
      );
    }
    context.report();
  }
  return vectors;
}

/** Only dense vectors are worth a read; encoding is cheaper than asking the store. */
async function reusedVectors(
  context: RunContext,
  wanted: ReadonlyMap<string, PlannedPut>,
): Promise<Map<string, PointVectors>> {
  const reused = new Map<string, PointVectors>();
  const { dense, sparse } = context.spec;
  if (dense === undefined || wanted.size === 0) return reused;
  const hints = await placesOf(context, [...wanted.keys()]);
  for (const [hash, put] of wanted) if (put.isRewrite) hints.set(hash, put.id);
  const found = await context.points.get([...hints.values()], { includeVectors: true });
  for (const [hash, id] of hints) {
    const point = found.get(id);
    if (point?.dense === undefined || point.chunk.contentHash !== hash) continue;
    if (point.chunk.spaceId !== dense.spaceId || point.chunk.encoderId !== sparse?.encoderId) continue;
    if (sparse !== undefined && point.sparse === undefined) continue;
    reused.set(hash, { dense: point.dense, sparse: point.sparse });
  }
  return reused;
}

/**
 * Ids of points that may hold the contents, by content hash, so that a renamed or copied document is not embedded again.
 * Only hints: the store may have been changed behind the manifest's back.
 */
async function placesOf(
  { entries, tenant, sourceId, call }: RunContext,
  contentHashes: readonly string[],
): Promise<Map<string, string>> {
  const places = await entries.find(contentHashes, call);
  return new Map(
    places.map(({ contentHash, documentId, slot }) => [
      contentHash,
      pointId({ tenant, sourceId, documentId, slot }),
    ]),
  );
}

/** As many as keep every slot of the model's server busy, and no more, so that progress and aborts come soon. */
async function embeddingBatches(
  { index, call }: RunContext,
  puts: readonly PlannedPut[],
): Promise<Iterable<readonly PlannedPut[]>> {
  if (puts.length === 0) return [];
  const info = index.embedder && (await describeChecked(index.embedder, call));
  const maxItems = info === undefined ? 256 : Math.max(1, info.maxItems * info.concurrency);
  return inBatches(puts, { maxItems });
}

async function embedAll(
  { index, spec, tally, call }: RunContext,
  puts: readonly PlannedPut[],
): Promise<readonly (Float32Array | BinnacleError)[] | undefined> {
  if (index.embedder === undefined || spec.dense === undefined) return undefined;
  const { spaceId: id, dimensions } = spec.dense;
  const texts = puts.map(({ chunk }) => embeddedText(chunk));
  const options = { ...call, role: "document" } as const;
  const { outcomes } = await embedChecked(index.embedder, texts, options, { id, dimensions });
  tally.embeddings += texts.length;
  return puts.map(({ chunk }, position) => {
    const outcome = outcomes[position];
    if (outcome instanceof Float32Array) return outcome;
    if (outcome === undefined) throw new RangeError("an input has no outcome");
    return inChunk(chunk, outcome);
  });
}

async function encodeAll(
  { index, call }: RunContext,
  puts: readonly PlannedPut[],
): Promise<readonly SparseVector[] | undefined> {
  const texts = puts.map(({ chunk }) => embeddedText(chunk));
  return index.sparse && encodeChecked(index.sparse, texts, { ...call, role: "document" });
}

function inChunk(chunk: { start: number; end: number; tokens: number }, error: BinnacleError): BinnacleError {
  const where = `characters ${chunk.start} to ${chunk.end} (${chunk.tokens} tokens)`;
  return new BinnacleError(
    error.code,
    `${where} cannot be embedded: ${error.message}; nothing was cut off: if it is too long, give the chunker a lower limit`,
    { cause: error, retryable: error.retryable },
  );
}
