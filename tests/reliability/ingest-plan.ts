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

/** One batch: a document, written anew with another number of slots. */
export interface PlannedBatch {
  readonly documentId: string;
  /** The batch's number: every point it writes carries it. */
  readonly revision: number;
  readonly slots: number;
}

/** Batch `number` of the plan; depends on nothing else, so that whoever knows a number knows the content. */
export function plannedBatch(seed: number, number: number): PlannedBatch {
  const slots = 1 + (hash(seed, number) % mostSlots);
  return { documentId: `document-${number % documents}`, revision: number, slots };
}

/** The writes of a batch, deletions of the document's other slots included. */
export function writesOf({ documentId, revision, slots }: PlannedBatch): readonly Write[] {
  return Array.from({ length: mostSlots }, (_, slot): Write => {
    const id = pointId({ sourceId, documentId, slot });
    return slot < slots ? upsertOf(id, documentId, slot, revision) : { type: "delete", id };
  });
}

/** What the points of each document must be after the first `count` batches: revision and slots. */
export function stateAfter(seed: number, count: number): ReadonlyMap<string, PlannedBatch> {
  const state = new Map<string, PlannedBatch>();
  for (let number = 0; number < count; number++) {
    const batch = plannedBatch(seed, number);
    state.set(batch.documentId, batch);
  }
  return state;
}

/** The vector of one point; tells revisions apart, so that text and vector of different writes cannot pass. */
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

/** A small mixing function (the finaliser of MurmurHash3), enough to make numbers that look random. */
function hash(a: number, b: number): number {
  let mixed = (Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b)) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
