import { BinnacleError, type ManifestEntry, type ManifestSlot } from "@binnacle/core";
import { formatFingerprint, parseFingerprint } from "../fingerprint/document-fingerprint.ts";
import { PointsDigest, storedPayloadKey } from "../fingerprint/points-digest.ts";
import type { ShownDocument } from "../run/index-request.ts";
import { seenNowhere } from "../run/listing.ts";
import type { RunContext } from "../run/run-context.ts";
import { reason } from "../run/tally.ts";
import { entryPointIds } from "./plan-document.ts";
import { recordShown } from "./record-shown.ts";

/**
 * Reports that a document is not as the source has it. Its points are kept. A failure that may pass is tried
 * again. Any other failure is recorded, so that this version is not tried again with this configuration. An
 * abort is not a failure.
 */
export async function failDocument(context: RunContext, shown: ShownDocument, error: unknown): Promise<void> {
  context.call.signal?.throwIfAborted();
  // Nothing can be recorded under an empty id.
  if (shown.documentId === "") return void noteFailure(context, shown, error);
  const [entry] = await context.entries.get([shown.documentId], context.call);
  const known = isRecorded(entry, error) && { known: true as const };
  const mayPass = noteFailure(context, { ...shown, ...known }, error);
  if (mayPass) return keepShown(context, shown, entry);
  const after = await failedEntry(context, shown, entry, error);
  await recordShown(context, [{ before: entry, after, listing: shown.listing }]);
}

/**
 * Reports a document of which the store refused a write, as {@link failDocument} does. Its entry stays as it
 * was when the write began, so that the next run writes it again.
 */
export async function failWrite(context: RunContext, shown: ShownDocument, error: unknown): Promise<void> {
  noteFailure(context, shown, error);
  const [entry] = await context.entries.get([shown.documentId], context.call);
  await keepShown(context, shown, entry);
}

/**
 * Returns true if an earlier run has recorded the same failure. The version may differ, because a source may
 * change its way to make versions.
 */
function isRecorded(entry: ManifestEntry | undefined, error: unknown): boolean {
  const { code, message } = reason(error);
  const { state, failure } = entry ?? {};
  if (state !== "failed" || failure?.code !== code) return false;
  return failure.message === message.slice(0, maxMessageLength);
}

/** Counts a failure. Returns true if it may pass. */
function noteFailure(
  { call, tally, retries }: RunContext,
  shown: ShownDocument & { readonly known?: true },
  error: unknown,
): boolean {
  call.signal?.throwIfAborted();
  tally.fail(shown.documentId, error, shown);
  tally.documentsDone += 1;
  const mayPass = !BinnacleError.isInstance(error) || error.retryable;
  if (mayPass) retries.add(shown);
  else retries.forget(shown.documentId);
  return mayPass;
}

/**
 * Notes that a listing showed a document whose points stay as they are, so that the end of the listing does
 * not remove it.
 */
async function keepShown(
  context: RunContext,
  { documentId, scope, listing }: ShownDocument,
  entry: ManifestEntry | undefined,
): Promise<void> {
  if (entry === undefined) return;
  const seenIn = listing?.id ?? entry.seenIn;
  // The document exists again, so its unfinished removal must not be finished.
  const state = entry.state === "removing" ? "writing" : entry.state;
  if (entry.scope === scope && entry.state === state) {
    if (entry.seenIn !== seenIn) await context.entries.seen([documentId], seenIn, context.call);
    return;
  }
  await recordShown(context, [{ before: entry, after: { ...entry, scope, seenIn, state }, listing }]);
}

// Long enough for the reason. A message may quote the whole document.
const maxMessageLength = 500;

/** Returns the failure that an entry records. */
export function recordedFailure(error: unknown): NonNullable<ManifestEntry["failure"]> {
  const { code, message } = reason(error);
  return { code, message: message.slice(0, maxMessageLength) };
}

async function failedEntry(
  context: RunContext,
  { documentId, scope, version = "", listing }: ShownDocument,
  before: ManifestEntry | undefined,
  error: unknown,
): Promise<ManifestEntry> {
  const { slots, points } = await keptPoints(context, before);
  return {
    documentId,
    scope,
    version,
    config: context.config,
    inputHash: formatFingerprint({ input: "", points }),
    state: "failed",
    failure: recordedFailure(error),
    seenIn: listing?.id ?? before?.seenIn ?? seenNowhere,
    slots,
  };
}

/**
 * Returns the points of the last indexed version, and their digest. The points of a half-written document are
 * read from the store.
 */
async function keptPoints(
  context: RunContext,
  before: ManifestEntry | undefined,
): Promise<{ readonly slots: readonly ManifestSlot[]; readonly points: string }> {
  if (before?.state === "stored" || before?.state === "failed")
    return { slots: before.slots, points: parseFingerprint(before.inputHash).points };
  const digest = new PointsDigest();
  const slots: ManifestSlot[] = [];
  const ids = before === undefined ? [] : entryPointIds(context, before);
  for (const { chunk, metadata } of (await context.points.get(ids)).values()) {
    digest.add(chunk, storedPayloadKey(chunk, metadata));
    slots.push({ slot: chunk.slot, contentHash: chunk.contentHash });
  }
  return { slots, points: digest.value };
}
