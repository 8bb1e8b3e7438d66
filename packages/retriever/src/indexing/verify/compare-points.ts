import type { ManifestEntry, StoredPoint } from "@binnacle/core";
import { pointId } from "@binnacle/core/kit";
import { parseFingerprint } from "../fingerprint/document-fingerprint.ts";
import { PointsDigest, storedPayloadKey } from "../fingerprint/points-digest.ts";
import type { Findings } from "./findings.ts";

/**
 * Finds points whose document the source does not show, and points under a wrong id. Returns a digest of the
 * points of each document.
 */
export async function compareOrphans(
  points: AsyncIterable<StoredPoint>,
  shown: ReadonlySet<string>,
  findings: Findings,
  tenant: string | undefined,
): Promise<Map<string, PointsDigest>> {
  const digests = new Map<string, PointsDigest>();
  for await (const { id, chunk, metadata } of points) {
    findings.points += 1;
    const { documentId, sourceId, slot } = chunk;
    const digest = digests.get(documentId) ?? new PointsDigest();
    digests.set(documentId, digest);
    digest.add(chunk, storedPayloadKey(chunk, metadata));
    if (id !== pointId({ tenant, sourceId, documentId, slot })) {
      findings.add(documentId, "orphaned", `point ${id} is not the one that slot ${slot} has`);
    }
  }
  for (const documentId of digests.keys()) {
    if (!shown.has(documentId)) findings.add(documentId, "orphaned", "the source does not show it");
  }
  return digests;
}

/** Compares the points of each document with its manifest entry. */
export async function compareEntries(
  entries: AsyncIterable<ManifestEntry>,
  digests: ReadonlyMap<string, PointsDigest>,
  findings: Findings,
): Promise<void> {
  const recorded = new Set<string>();
  for await (const { documentId, state, inputHash } of entries) {
    recorded.add(documentId);
    const points = (digests.get(documentId) ?? new PointsDigest()).value;
    const isSettled = state === "stored" || state === "failed";
    if (isSettled && parseFingerprint(inputHash).points === points) continue;
    findings.add(documentId, "unrecorded", `its entry is "${state}" and does not describe its points`);
  }
  for (const documentId of digests.keys()) {
    if (!recorded.has(documentId)) findings.add(documentId, "unrecorded", "no entry speaks of its points");
  }
}
