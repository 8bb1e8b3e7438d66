import type { ManifestEntry } from "@binnacle/core";
import { inBatches, mapConcurrent } from "@binnacle/core/kit";
import { parseFingerprint } from "../fingerprint/document-fingerprint.ts";
import { commitDocuments, type Candidate } from "./commit-documents.ts";
import { failDocument } from "./keep-shown.ts";
import type { IndexRequest } from "./index-request.ts";
import { readDocument } from "./read-document.ts";
import type { RunContext } from "../sync/run-context.ts";

/** What is known of a document before it is loaded. */
interface Pending {
  readonly request: IndexRequest;
  readonly before: ManifestEntry | undefined;
}

/** Indexes what the source showed: versions that are recorded are only noted, the others loaded and committed in batches.
 * `onDone` hears of every request that needs no second try. */
export async function indexDocuments(
  context: RunContext,
  requests: readonly IndexRequest[],
  onDone: (request: IndexRequest) => void,
): Promise<void> {
  for (const batch of inBatches(requests, { maxItems: 256 })) {
    const entries = await context.entries.get(
      batch.map(({ documentId }) => documentId),
      context.call,
    );
    const pending = batch.map((request, position) => ({ request, before: entries[position] }));
    const differing = pending.filter((candidate) => !isRecorded(context, candidate));
    await noteUnchanged(
      context,
      pending.filter((candidate) => isRecorded(context, candidate)),
    );
    for (const window of inBatches(differing, { maxItems: context.limits.loadConcurrency * 8 })) {
      await loadAndCommit(context, window);
    }
    batch.forEach(onDone);
    context.report();
  }
}

function isRecorded(context: RunContext, { request, before }: Pending): boolean {
  if (before?.state !== "stored" || context.recheck) return false;
  if (before.version !== request.version || before.scope !== request.scope) return false;
  return parseFingerprint(before.inputHash).config === context.config;
}

async function noteUnchanged(context: RunContext, unchanged: readonly Pending[]): Promise<void> {
  const byListing = new Map<string, string[]>();
  for (const { request, before } of unchanged) {
    context.tally.documents.unchanged += 1;
    context.tally.chunks.unchanged += before?.slots.length ?? 0;
    context.tally.documentsDone += 1;
    context.tally.succeed(request.documentId);
    context.retries.forget(request.documentId);
    const listing = request.listing?.id;
    if (listing === undefined) continue;
    const ids = byListing.get(listing);
    if (ids === undefined) byListing.set(listing, [request.documentId]);
    else ids.push(request.documentId);
  }
  for (const [listing, ids] of byListing) await context.entries.seen(ids, listing, context.call);
}

async function loadAndCommit(context: RunContext, pending: readonly Pending[]): Promise<void> {
  const { loadConcurrency, maxBatchBytes } = context.limits;
  let candidates: Candidate[] = [];
  let bytes = 0;
  for (const batch of inBatches(pending, { maxItems: loadConcurrency })) {
    const options = { concurrency: loadConcurrency, signal: context.call.signal };
    for (const candidate of await mapConcurrent(batch, options, (item) => load(context, item))) {
      if (candidate === undefined) continue;
      candidates.push(candidate);
      bytes += 2 * candidate.read.document.text.length;
    }
    if (bytes < maxBatchBytes) continue;
    await commitDocuments(context, candidates);
    context.report();
    candidates = [];
    bytes = 0;
  }
  await commitDocuments(context, candidates);
  context.report();
}

async function load(context: RunContext, { request, before }: Pending): Promise<Candidate | undefined> {
  try {
    const read = await readDocument(context, request);
    if (read !== undefined) return { read, before };
    // Gone since it was announced: the end of the listing, or the source's own word, removes it.
    context.tally.documentsDone += 1;
    context.tally.succeed(request.documentId);
    context.retries.forget(request.documentId);
  } catch (error) {
    await failDocument(context, request, error);
  }
  return undefined;
}
