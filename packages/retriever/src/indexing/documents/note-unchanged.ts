import { BinnacleError, type ManifestEntry } from "@binnacle/core";
import { parseFingerprint } from "../fingerprint/document-fingerprint.ts";
import type { IndexRequest } from "../run/index-request.ts";
import type { RunContext } from "../run/run-context.ts";
import { storedEntry } from "./plan-document.ts";
import type { Candidate } from "./plan-documents.ts";
import { recordShown } from "./record-shown.ts";
import { finishDocument } from "./write-plans.ts";

/** A request with the recorded entry of its document. */
export interface KnownRequest {
  readonly request: IndexRequest;
  readonly before: ManifestEntry | undefined;
}

/** Notes documents whose version is the recorded one. Returns the other requests. */
export async function noteUnchanged(
  context: RunContext,
  requests: readonly IndexRequest[],
): Promise<readonly IndexRequest[]> {
  const { entries, config, call, tally } = context;
  const others: IndexRequest[] = [];
  for (const [seenIn, shown] of Map.groupBy(requests, ({ listing }) => listing?.id)) {
    const found = await entries.confirm(shown, { ...call, config, seenIn });
    for (const [position, request] of shown.entries()) {
      const slots = found[position];
      if (slots === undefined) {
        others.push(request);
        continue;
      }
      tally.documents.unchanged += 1;
      tally.chunks.unchanged += slots;
      finishDocument(context, request.documentId);
    }
  }
  return others;
}

/** Reports documents whose version is recorded as failed with this configuration. */
export async function noteFailedBefore(context: RunContext, failing: readonly KnownRequest[]): Promise<void> {
  await noteSeen(context, failing);
  for (const { request, before } of failing) {
    const { code, message } = before?.failure ?? {
      code: "failed_before",
      message: "it failed in an earlier run",
    };
    finishDocument(context, request.documentId);
    context.tally.fail(request.documentId, new BinnacleError(code, message), {
      ...request,
      known: true,
    });
  }
}

async function noteSeen({ entries, call }: RunContext, known: readonly KnownRequest[]): Promise<void> {
  const shown = known.filter(
    ({ request, before }) => request.listing && request.listing.id !== before?.seenIn,
  );
  const byListing = Map.groupBy(shown, ({ request }) => request.listing?.id);
  for (const [listing, ones] of byListing) {
    if (listing === undefined) continue;
    const ids = ones.map(({ request }) => request.documentId);
    await entries.seen(ids, listing, call);
  }
}

/** Records documents with a new version that changes no point, such as a touched file. Returns the others. */
export async function recordSame(
  context: RunContext,
  candidates: readonly Candidate[],
): Promise<readonly Candidate[]> {
  const differing: Candidate[] = [];
  const same = candidates.flatMap((candidate) => {
    const { read, before } = candidate;
    if (before === undefined || !isSame(context, candidate)) {
      differing.push(candidate);
      return [];
    }
    const { points } = parseFingerprint(before.inputHash);
    const after = storedEntry(context, { read, before, slots: before.slots, points });
    return [{ before, after, listing: read.request.listing }];
  });
  await recordShown(context, same);
  for (const { after } of same) {
    context.tally.documents.unchanged += 1;
    context.tally.chunks.unchanged += after.slots.length;
    finishDocument(context, after.documentId);
  }
  return differing;
}

function isSame({ config }: RunContext, { read, before }: Candidate): boolean {
  if (before?.state !== "stored" || before.config !== config) return false;
  return parseFingerprint(before.inputHash).input === read.input;
}
