import type {
  CollectionSpec,
  Delete,
  ManifestEntry,
  ManifestSlot,
  MediaPart,
  Metadata,
  Patch,
  StoredChunk,
  StoredPoint,
} from "@binnacle/core";
import { pointId } from "@binnacle/core/kit";
import { formatFingerprint } from "../fingerprint/document-fingerprint.ts";
import { isSound, PointsDigest, storedPayloadKey } from "../fingerprint/points-digest.ts";
import { diffSlots, type PresentPoint, type SlotDiff } from "./diff-slots.ts";
import { seenNowhere } from "../run/listing.ts";
import { draftPoints, type DraftPoint, type ReadDocument } from "./read-document.ts";
import type { RunContext } from "../run/run-context.ts";

/** A point that needs vectors. */
export interface PlannedPut {
  readonly id: string;
  readonly chunk: StoredChunk;
  readonly metadata: Metadata;
  /** True if the point at `id` holds the same content, so that its vectors can stay. */
  readonly isRewrite: boolean;
  /** The image to embed. Undefined: the point has the vectors of its text. */
  readonly image: MediaPart | undefined;
}

/** The writes that make the points of one document equal to it. */
export interface DocumentPlan {
  readonly read: ReadDocument;
  /** The recorded entry. */
  readonly before: ManifestEntry | undefined;
  readonly puts: readonly PlannedPut[];
  readonly patches: readonly Patch[];
  readonly deletes: readonly Delete[];
  /** Points whose content the document no longer has. */
  readonly dropped: readonly { readonly id: string; readonly contentHash: string }[];
  /** The entry once everything is written. */
  readonly after: ManifestEntry;
  readonly chunks: {
    readonly added: number;
    readonly moved: number;
    readonly removed: number;
    readonly unchanged: number;
  };
}

/** Returns the ids of the points that an entry names. */
export function entryPointIds(context: RunContext, entry: ManifestEntry): readonly string[] {
  return entry.slots.map(({ slot }) => slotId(context, entry.documentId, slot));
}

/** Compares a document with its points. */
export function planDocument(
  context: RunContext,
  read: ReadDocument,
  before: ManifestEntry | undefined,
  stored: ReadonlyMap<string, StoredPoint>,
): DocumentPlan {
  const drafts = draftPoints(context, read);
  const ids = before === undefined ? [] : entryPointIds(context, before);
  const present = ids.flatMap((id) => stored.get(id) ?? []);
  const diff = diffSlots(
    drafts,
    present.map((point) => presentPoint(context.spec, point)),
  );
  const { documentId } = read.request;
  const { puts, patches, slots, points } = assignPoints(context, read, drafts, { diff, stored });
  const moved = diff.assignments.filter(({ action }) => action === "patch").length;
  const added = diff.assignments.filter(({ action }) => action === "write").length;
  const dropped = present.filter(({ chunk }) => diff.dropped.includes(chunk.slot));
  return {
    read,
    before,
    puts,
    patches,
    deletes: diff.vacated.map((slot) => ({ type: "delete", id: slotId(context, documentId, slot) })),
    dropped: dropped.map(({ id, chunk }) => ({ id, contentHash: chunk.contentHash })),
    after: storedEntry(context, { read, before, slots, points }),
    chunks: { added, moved, removed: dropped.length, unchanged: drafts.length - added - moved },
  };
}

interface AssignedPoints {
  readonly puts: readonly PlannedPut[];
  readonly patches: readonly Patch[];
  readonly slots: readonly ManifestSlot[];
  /** {@link PointsDigest.value} of all points. */
  readonly points: string;
}

function assignPoints(
  context: RunContext,
  read: ReadDocument,
  drafts: readonly DraftPoint[],
  { diff, stored }: { readonly diff: SlotDiff; readonly stored: ReadonlyMap<string, StoredPoint> },
): AssignedPoints {
  const { metadata } = read.document;
  const digest = new PointsDigest();
  const [puts, patches, slots]: [PlannedPut[], Patch[], ManifestSlot[]] = [[], [], []];
  for (const [position, { action, slot }] of diff.assignments.entries()) {
    const draft = drafts[position];
    if (draft === undefined) continue;
    const chunk = { ...draft.chunk, slot };
    const id = slotId(context, chunk.documentId, slot);
    slots.push({ slot, contentHash: chunk.contentHash });
    digest.add(chunk, draft.payload);
    if (action === "keep") continue;
    const isRewrite = action === "patch";
    if (isRewrite && canPatch(stored.get(id), draft)) patches.push(patchOf(id, chunk, metadata));
    else puts.push({ id, chunk, metadata, isRewrite, image: draft.image });
  }
  return { puts, patches, slots, points: digest.value };
}

/** Creates the entry of a document that is indexed as the source has it. */
export function storedEntry(
  context: RunContext,
  done: {
    readonly read: ReadDocument;
    readonly before: ManifestEntry | undefined;
    readonly slots: readonly ManifestSlot[];
    readonly points: string;
  },
): ManifestEntry {
  const { request, input } = done.read;
  return {
    documentId: request.documentId,
    scope: request.scope,
    version: request.version,
    config: context.config,
    inputHash: formatFingerprint({ input, points: done.points }),
    state: "stored",
    seenIn: request.listing?.id ?? done.before?.seenIn ?? seenNowhere,
    slots: done.slots,
  };
}

/**
 * Creates the entry that is logged before the first write. It names old and new slots, so that no point is
 * forgotten after a crash.
 */
export function writingEntry({ before, after }: DocumentPlan): ManifestEntry {
  const slots = new Map([...(before?.slots ?? []), ...after.slots].map((slot) => [slot.slot, slot]));
  return { ...after, state: "writing", failure: undefined, slots: [...slots.values()] };
}

function slotId({ tenant, sourceId }: RunContext, documentId: string, slot: number): string {
  return pointId({ tenant, sourceId, documentId, slot });
}

/** Converts a stored point for {@link diffSlots}. */
export function presentPoint(spec: CollectionSpec, { chunk, metadata }: StoredPoint): PresentPoint {
  return {
    slot: chunk.slot,
    contentHash: chunk.contentHash,
    payload: storedPayloadKey(chunk, metadata),
    isCurrent:
      isSound(chunk) && chunk.spaceId === spec.dense?.spaceId && chunk.encoderId === spec.sparse?.encoderId,
  };
}

/**
 * Returns true if a patch is enough. A patch removes no field, so a point whose title is gone must be written
 * again.
 */
function canPatch(stored: StoredPoint | undefined, { chunk }: DraftPoint): boolean {
  if (stored === undefined) return false;
  const optional = ["title", "uri", "observed"] as const;
  return optional.every((field) => stored.chunk[field] === undefined || chunk[field] !== undefined);
}

function patchOf(id: string, chunk: StoredChunk, metadata: Metadata): Patch {
  const { index, start, end, tokens, path, documentVersion, mediaType, title, uri, observed } = chunk;
  const named = {
    ...(title !== undefined && { title }),
    ...(uri !== undefined && { uri }),
    ...(observed !== undefined && { observed }),
  };
  return {
    type: "patch",
    id,
    chunk: { index, start, end, tokens, path, documentVersion, mediaType, ...named },
    metadata,
  };
}
