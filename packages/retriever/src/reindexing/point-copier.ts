import {
  BinnacleError,
  type Collection,
  type CollectionInfo,
  type SparseVector,
  type StoredChunk,
  type StoredPoint,
  type Upsert,
  type Write,
} from "@binnacle/core";
import { describeChecked, embedChecked, encodeChecked } from "@binnacle/core/kit";
import { canonicalJson } from "../indexing/fingerprint/canonical-json.ts";
import { embeddedText, encodedParts } from "../indexing/fingerprint/document-fingerprint.ts";
import type { ReindexProgress } from "./reindex-options.ts";
import type { ReindexRun } from "./reindex-run.ts";

/**
 * Points that are read, embedded and written together. Their vectors stay below the 16 MiB of one request.
 */
const BATCH = 256;

/** The result of one pass over the points. */
export interface CopyPass {
  /** Points that were written or deleted. */
  readonly changes: number;
  /** The sources that the points belong to. */
  readonly sourceIds: ReadonlySet<string>;
}

/** Copies points from one collection to another. */
export interface PointCopier {
  /** Goes over all points once and changes what differs. */
  pass(phase: ReindexProgress["phase"]): Promise<CopyPass>;
}

interface Handles {
  readonly from: Collection;
  readonly to: Collection;
}

/** Makes a copier. Vectors of the same space are taken over; others are embedded from the point's text. */
export function pointCopier({ from, to }: Handles, run: ReindexRun, info: CollectionInfo): PointCopier {
  const { spec, call, report } = run;
  const takesDense = info.dense !== undefined && info.dense.spaceId === spec.dense?.spaceId;
  async function copy(points: readonly StoredPoint[]): Promise<number> {
    const known = await to.get(
      points.map(({ id }) => id),
      call,
    );
    const writes: Write[] = [];
    const missing: StoredPoint[] = [];
    for (const [i, point] of points.entries()) {
      const chunk = { ...point.chunk, ...vectorIds(run) };
      const present = known[i];
      if (!present || !hasVectorsOf(present.chunk, chunk)) missing.push({ ...point, chunk });
      else if (!isSame(present, { ...point, chunk })) writes.push(patchOf(point));
    }
    writes.push(...(await upserts(missing, takesDense, run)));
    await write(to, writes, run);
    return writes.length;
  }
  return {
    async pass(phase) {
      const total = await from.count(undefined, call);
      const sourceIds = new Set<string>();
      let [changes, done] = [0, 0];
      for await (const points of pages(from.scan({ ...call, pageSize: BATCH, includeVectors: takesDense }))) {
        for (const { chunk } of points) sourceIds.add(chunk.sourceId);
        changes += await copy(points);
        done += points.length;
        report({ phase, unit: "points", done, total });
      }
      return { changes: changes + (await removeStrays({ from, to }, run)), sourceIds };
    },
  };
}

/** Deletes points that the old collection does not have any more. */
async function removeStrays({ from, to }: Handles, run: ReindexRun): Promise<number> {
  let removed = 0;
  for await (const points of pages(to.scan({ ...run.call, pageSize: BATCH }))) {
    const ids = points.map(({ id }) => id);
    const present = await from.get(ids, run.call);
    const strays = ids.filter((_, i) => present[i] === undefined);
    await write(
      to,
      strays.map((id) => ({ type: "delete", id })),
      run,
    );
    removed += strays.length;
  }
  return removed;
}

async function* pages(
  points: AsyncIterable<StoredPoint>,
): AsyncGenerator<readonly StoredPoint[], void, void> {
  let page: StoredPoint[] = [];
  for await (const point of points) {
    page.push(point);
    if (page.length < BATCH) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

function vectorIds({ spec }: ReindexRun): Pick<StoredChunk, "spaceId" | "encoderId"> {
  return { spaceId: spec.dense?.spaceId, encoderId: spec.sparse?.encoderId };
}

function hasVectorsOf(present: StoredChunk, chunk: StoredChunk): boolean {
  return (
    present.contentHash === chunk.contentHash &&
    present.spaceId === chunk.spaceId &&
    present.encoderId === chunk.encoderId
  );
}

function isSame(a: StoredPoint, b: StoredPoint): boolean {
  return keyOf(a) === keyOf(b);
}

function keyOf({ chunk, metadata }: StoredPoint): string {
  return JSON.stringify([canonicalJson(definedOf(chunk)), canonicalJson(metadata)]);
}

/** Without the keys that hold nothing. */
function definedOf(chunk: StoredChunk): object {
  return Object.fromEntries(Object.entries(chunk).filter(([, value]) => value !== undefined));
}

function patchOf({ id, chunk, metadata }: StoredPoint): Write {
  const { contentHash: _, imageHash: _imageHash, spaceId: _spaceId, encoderId: _encoderId, ...rest } = chunk;
  return { type: "patch", id, chunk: rest, metadata };
}

async function upserts(
  points: readonly StoredPoint[],
  takesDense: boolean,
  run: ReindexRun,
): Promise<readonly Upsert[]> {
  if (points.length === 0) return [];
  const dense = takesDense ? points.map((point) => point.dense) : await embedAll(points, run);
  const sparse = await encodeAll(points, run);
  return points.map(({ id, chunk, metadata }, i) => ({
    type: "upsert",
    id,
    chunk,
    metadata,
    dense: dense[i],
    sparse: sparse[i],
  }));
}

async function embedAll(
  points: readonly StoredPoint[],
  { index: { embedder }, spec: { dense }, tally, call }: ReindexRun,
): Promise<readonly (Float32Array | undefined)[]> {
  if (embedder === undefined || dense === undefined) return [];
  const { maxItems, concurrency } = await describeChecked(embedder, call);
  const vectors: Float32Array[] = [];
  const atOnce = maxItems * concurrency;
  for (let start = 0; start < points.length; start += atOnce) {
    const part = points.slice(start, start + atOnce);
    const pictured = part.find(({ chunk }) => chunk.imageHash !== undefined);
    if (pictured !== undefined) throw notStored(pictured.chunk);
    const texts = part.map(({ chunk }) => embeddedText(chunk));
    const space = { id: dense.spaceId, dimensions: dense.dimensions };
    const { outcomes } = await embedChecked(embedder, texts, { ...call, role: "document" }, space);
    tally.embeddings += texts.length;
    for (const [i, outcome] of outcomes.entries()) {
      if (BinnacleError.isInstance(outcome)) throw notEmbedded(part[i]?.chunk, outcome);
      vectors.push(outcome);
    }
  }
  return vectors;
}

async function encodeAll(
  points: readonly StoredPoint[],
  { index, call }: ReindexRun,
): Promise<readonly (SparseVector | undefined)[]> {
  if (index.sparse === undefined) return [];
  const texts = points.map(({ chunk }) => encodedParts(chunk));
  return encodeChecked(index.sparse, texts, { ...call, role: "document" });
}

async function write(to: Collection, writes: readonly Write[], { call, spec }: ReindexRun): Promise<void> {
  if (writes.length === 0) return;
  const { failures } = await to.write(writes, call);
  for (const [position, error] of failures)
    throw new BinnacleError(
      error.code,
      `collection "${spec.name}" refuses point ${writes[position]?.id}: ${error.message}. The alias was not switched.`,
      { cause: error, retryable: error.retryable },
    );
}

/** A point holds the hash of its image only, so another model cannot embed it from the point. */
function notStored({ documentId, mediaType }: StoredChunk): BinnacleError {
  return new BinnacleError(
    "image_not_stored",
    `document "${documentId}" has a vector of an image (${mediaType}), and a collection stores no images. Pass \`sources\`, so that the images are read again. The alias was not switched.`,
  );
}

function notEmbedded(chunk: StoredChunk | undefined, error: BinnacleError): BinnacleError {
  return new BinnacleError(
    error.code,
    `document "${chunk?.documentId}", characters ${chunk?.start} to ${chunk?.end}, cannot be embedded: ${error.message}. If the text is too long, pass sources and a chunker with a lower limit. The alias was not switched.`,
    { cause: error, retryable: error.retryable },
  );
}
