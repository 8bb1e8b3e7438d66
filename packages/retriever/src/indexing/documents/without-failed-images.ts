import { BinnacleError, type Delete, type ManifestEntry } from "@binnacle/core";
import { formatFingerprint, parseFingerprint } from "../fingerprint/document-fingerprint.ts";
import { PointsDigest, storedPayloadKey } from "../fingerprint/points-digest.ts";
import { isImageDocument } from "./document-images.ts";
import type { EmbeddedContents } from "./embed-contents.ts";
import { recordedFailure } from "./fail-document.ts";
import type { DocumentPlan } from "./plan-document.ts";

/**
 * Returns the plan of a text document without the images that cannot be embedded. One image then does not keep
 * the text out of the index. The entry then records the failure. Returns undefined if the document is an image, or
 * if the error may pass, because the whole document is then tried again.
 */
export function withoutFailedImages(
  plan: DocumentPlan,
  vectors: EmbeddedContents,
  error: BinnacleError,
): DocumentPlan | undefined {
  if (error.retryable || isImageDocument(plan.read.document)) return undefined;
  const failed = plan.puts.filter(
    ({ image, chunk }) => image !== undefined && BinnacleError.isInstance(vectors.get(chunk.contentHash)),
  );
  const slots = new Set(failed.map(({ chunk }) => chunk.slot));
  const held = new Set(plan.before?.slots.map(({ slot }) => slot));
  // The slot of a failed image may hold a point of the version before.
  const stale = failed.filter(({ chunk }) => held.has(chunk.slot));
  const digest = new PointsDigest(parseFingerprint(plan.after.inputHash).points);
  for (const { chunk, metadata } of failed) digest.remove(chunk, storedPayloadKey(chunk, metadata));
  const after: ManifestEntry = {
    ...plan.after,
    inputHash: formatFingerprint({ input: "", points: digest.value }),
    state: "failed",
    failure: recordedFailure(error),
    slots: plan.after.slots.filter(({ slot }) => !slots.has(slot)),
  };
  return {
    ...plan,
    puts: plan.puts.filter((put) => !failed.includes(put)),
    deletes: [...plan.deletes, ...stale.map(deleteOf)],
    after,
    chunks: { ...plan.chunks, added: plan.chunks.added - failed.length },
  };
}

function deleteOf({ id }: DocumentPlan["puts"][number]): Delete {
  return { type: "delete", id };
}
