import type { Delete, ManifestEntry, ManifestSlot } from "@binnacle/core";
import { inBatches, pointId } from "@binnacle/core/kit";
import { parseFingerprint } from "../fingerprint/document-fingerprint.ts";
import { PointsDigest, storedPayloadKey } from "../fingerprint/points-digest.ts";
import { seenNowhere, unknownScope } from "../run/listing.ts";
import type { RunContext } from "../run/run-context.ts";

/**
 * Compares the points of the source with the manifest, without vectors, and corrects the manifest. An entry
 * whose points are missing or different is marked to be indexed again. Points without an entry get an entry.
 * A point that no entry could name is deleted. It holds the id and 16 bytes for each document.
 */
export async function reconcile(context: RunContext): Promise<void> {
  const { entries, call } = context;
  const found = await digestPoints(context);
  let suspects: ManifestEntry[] = [];
  const flush = async (): Promise<void> => {
    if (suspects.length > 0) await entries.put(suspects, call);
    suspects = [];
  };
  for await (const entry of entries.list(call)) {
    const { documentId, state, inputHash } = entry;
    const digest = found.get(documentId) ?? new PointsDigest();
    found.delete(documentId);
    const isSettled = state === "stored" || state === "failed";
    if (isSettled && digest.value === parseFingerprint(inputHash).points) continue;
    const slots = unite(entry.slots, await presentSlots(context, documentId));
    suspects.push({ ...entry, state: state === "removing" ? state : "writing", slots, failure: undefined });
    if (suspects.length >= 64) await flush();
  }
  await flush();
  for (const batch of inBatches(found.keys(), { maxItems: 64 })) {
    for (const documentId of batch) suspects.push(await rebuiltEntry(context, documentId));
    await flush();
  }
}

async function digestPoints(context: RunContext): Promise<Map<string, PointsDigest>> {
  const { sourceId, tenant, points } = context;
  const found = new Map<string, PointsDigest>();
  const strays: Delete[] = [];
  for await (const { id, chunk, metadata } of points.scan({ sourceId })) {
    const { documentId, slot } = chunk;
    if (id !== pointId({ tenant, sourceId, documentId, slot })) {
      strays.push({ type: "delete", id });
      continue;
    }
    const digest = found.get(documentId) ?? new PointsDigest();
    found.set(documentId, digest);
    digest.add(chunk, storedPayloadKey(chunk, metadata));
  }
  const refused = await points.write(strays);
  context.tally.pointsDeleted += strays.length - refused.size;
  for (const error of refused.values()) {
    points.doubt();
    context.report({ scope: "", error });
  }
  return found;
}

async function presentSlots(
  { points, sourceId }: RunContext,
  documentId: string,
): Promise<readonly ManifestSlot[]> {
  const slots: ManifestSlot[] = [];
  for await (const { chunk } of points.scan({ sourceId, documentId })) {
    slots.push({ slot: chunk.slot, contentHash: chunk.contentHash });
  }
  return slots;
}

/**
 * Creates an entry from points alone. Its scope is unknown, and points may be missing, until the source shows
 * the document again.
 */
async function rebuiltEntry(context: RunContext, documentId: string): Promise<ManifestEntry> {
  return {
    documentId,
    scope: unknownScope,
    version: "",
    config: "",
    inputHash: "",
    state: "writing",
    seenIn: seenNowhere,
    slots: await presentSlots(context, documentId),
  };
}

function unite(recorded: readonly ManifestSlot[], present: readonly ManifestSlot[]): readonly ManifestSlot[] {
  return [...new Map([...recorded, ...present].map((slot) => [slot.slot, slot])).values()];
}
