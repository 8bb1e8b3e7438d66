import type { CollectionSpec, StoredChunk, Upsert, Write } from "@binnacle/core";
import { pointId } from "@binnacle/core/kit";

/** The collection that the ingesting process fills. */
export const ingestSpec: CollectionSpec = {
  name: "ingest",
  dense: { spaceId: "space", dimensions: 384 },
  sparse: { encoderId: "encoder" },
};
export const sourceId = "ingest-plan";
const documents = 23;
const mostSlots = 200;

/** One batch: a document that is written again with another number of slots. */
export interface PlannedBatch {
  readonly documentId: string;
  /** Number of the batch. Every point that it writes has it. */
  readonly revision: number;
  readonly slots: number;
}

/** Returns batch `number` of the plan. It depends on nothing else, so any process knows its content. */
export function plannedBatch(seed: number, number: number): PlannedBatch {
  const slots = 1 + (hash(seed, number) % mostSlots);
  return { documentId: `document-${number % documents}`, revision: number, slots };
}

/** Returns the writes of a batch, with deletions of the document's other slots. */
export function writesOf({ documentId, revision, slots }: PlannedBatch): readonly Write[] {
  return Array.from({ length: mostSlots }, (_, slot): Write => {
    const id = pointId({ sourceId, documentId, slot });
    return slot < slots ? upsertOf(id, documentId, slot, revision) : { type: "delete", id };
  });
}

/** Returns the expected revision and slots of each document after the first `count` batches. */
export function stateAfter(seed: number, count: number): ReadonlyMap<string, PlannedBatch> {
  const state = new Map<string, PlannedBatch>();
  for (let number = 0; number < count; number++) {
    const batch = plannedBatch(seed, number);
    state.set(batch.documentId, batch);
  }
  return state;
}

/**
 * Returns the vector of one point. It differs between revisions, so that a mixture of two writes is noticed.
 */
export function vectorOf(slot: number, revision: number): Float32Array {
  return Float32Array.from({ length: 384 }, (_, i) => 1 + (hash(revision * 1009 + slot, i) % 1000));
}

function upsertOf(id: string, documentId: string, slot: number, revision: number): Upsert {
  const text = `Slot ${slot} of ${documentId} in revision ${revision}. `.repeat(20);
  const chunk: StoredChunk = {
    sourceId,
    documentId,
    slot,
    index: slot,
    start: 0,
    end: text.length,
    text,
    context: "",
    tokens: 200,
    path: [],
    contentHash: `${slot}.${revision}`,
    spaceId: "space",
    encoderId: "encoder",
    documentVersion: String(revision),
    mediaType: "text/plain",
  };
  return {
    type: "upsert",
    id,
    chunk,
    metadata: { revision },
    dense: vectorOf(slot, revision),
    sparse: { indices: Uint32Array.of(slot, 1000 + revision), values: Float32Array.of(1, 2) },
  };
}

/** Mixes two numbers into one that looks random (the finaliser of MurmurHash3). */
function hash(a: number, b: number): number {
  let mixed = (Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b)) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
