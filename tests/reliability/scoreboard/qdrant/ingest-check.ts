import type { Collection, CollectionSpec, Metadata, Write } from "@binnacle/core";
import { ingestSpec, plannedBatch, vectorOf, writesOf, type PlannedBatch } from "../../ingest-plan.ts";

/** Differences between a collection and the plan of its ingest. */
export interface IngestDifferences {
  readonly points: number;
  /** Points that the plan holds and the collection does not. */
  readonly lost: number;
  /** Points that the collection holds and the plan does not. */
  readonly surplus: number;
  /** Points with another content, metadata or vector than the plan's. */
  readonly different: number;
}

// Smaller than the plan of the embedded store: the double is slow.
const dimensions = 32;
const mostSlots = 40;

/** The collection that the plan fills. */
export const spec: CollectionSpec = { ...ingestSpec, dense: { spaceId: "space", dimensions } };

/** The writes of batch `number`. */
export function batchOf(seed: number, number: number): readonly Write[] {
  return writesOf(smallBatch(seed, number))
    .slice(0, mostSlots)
    .map((write) =>
      write.type === "upsert" ? { ...write, dense: write.dense?.subarray(0, dimensions) } : write,
    );
}

function smallBatch(seed: number, number: number): PlannedBatch {
  const planned = plannedBatch(seed, number);
  return { ...planned, slots: 1 + (planned.slots % mostSlots) };
}

/** Compares every point, with its vector, to what the plan's first `batches` batches make. */
export async function compareWithPlan(
  collection: Collection,
  seed: number,
  batches: number,
): Promise<IngestDifferences> {
  const wanted = new Map<string, { readonly slot: number; readonly revision: number }>();
  for (let revision = 0; revision < batches; revision++)
    for (const write of batchOf(seed, revision))
      if (write.type === "upsert") wanted.set(write.id, { slot: write.chunk.slot, revision });
      else wanted.delete(write.id);
  const seen = new Set<string>();
  let [surplus, different] = [0, 0];
  for await (const { id, chunk, metadata, dense, sparse } of collection.scan({ includeVectors: true })) {
    const point = wanted.get(id);
    if (seen.has(id) || point === undefined) surplus += 1;
    else if (
      chunk.contentHash !== `${point.slot}.${point.revision}` ||
      !isRevision(metadata, point.revision) ||
      !isClose(dense, vectorOf(point.slot, point.revision).subarray(0, dimensions)) ||
      sparse?.indices[1] !== 1000 + point.revision
    )
      different += 1;
    seen.add(id);
  }
  const lost = [...wanted.keys()].filter((id) => !seen.has(id)).length;
  return { points: seen.size, lost, surplus, different };
}

function isRevision(metadata: Metadata, revision: number): boolean {
  return metadata["revision"] === revision;
}

/** The server keeps a cosine vector normalized, so its numbers return rounded. */
function isClose(got: Float32Array | undefined, wanted: Float32Array): boolean {
  return (
    got?.length === wanted.length &&
    got.every((value, i) => Math.abs(value - (wanted[i] ?? Number.NaN)) <= 1e-3)
  );
}
