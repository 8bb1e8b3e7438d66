import { inBatches, mapConcurrent } from "@binnacle/core/kit";
import type { IndexRequest } from "../run/index-request.ts";
import { unknownScope } from "../run/listing.ts";
import type { RunContext } from "../run/run-context.ts";
import { embeddedImages } from "./document-images.ts";
import { failDocument } from "./fail-document.ts";
import { noteFailedBefore, noteUnchanged, recordSame, type KnownRequest } from "./note-unchanged.ts";
import { planDocuments, type Candidate } from "./plan-documents.ts";
import type { PlannedDocument } from "./planned-document.ts";
import { documentBytes, readDocument } from "./read-document.ts";
import { recordShown } from "./record-shown.ts";
import { finishDocument, writePlans } from "./write-plans.ts";

/** The steps that follow the comparison of {@link indexDocuments}. */
export interface IndexingSteps {
  /**
   * Resolves when more documents may be loaded. False: no more for now, and the rest of the requests is left.
   */
  readonly mayLoad: () => Promise<boolean>;
  /** Takes the documents that need vectors. */
  readonly embed: (documents: readonly PlannedDocument[]) => void;
  /** Notes that a request needs no second try. */
  readonly done: (request: IndexRequest) => void;
}

/**
 * Indexes the documents that the source showed. A document with the recorded version is only noted. The
 * others are loaded and compared with their points. A document that needs no new vector is written at once.
 */
export async function indexDocuments(
  context: RunContext,
  requests: readonly IndexRequest[],
  steps: IndexingSteps,
): Promise<void> {
  const differing = context.recheck ? requests : await noteUnchanged(context, requests);
  const left = new Set(differing);
  for (const request of requests) if (!left.has(request)) steps.done(request);
  context.report();
  if (differing.length === 0) return;
  const ids = differing.map(({ documentId }) => documentId);
  const entries = await context.entries.get(ids, context.call);
  const known = differing.map((request, position) => ({ request, before: entries[position] }));
  const byFate = Map.groupBy(known, (one) => hasFailedBefore(context, one));
  const failing = byFate.get(true) ?? [];
  await noteFailedBefore(context, failing);
  for (const { request } of failing) steps.done(request);
  await loadAll(context, await followScopes(context, byFate.get(false) ?? []), steps);
}

/**
 * Moves entries to the scope in which the source showed their documents last. Later changes of the new scope
 * then concern these documents, and changes of the old scope do not. That holds even if a document is not
 * loaded or embedded yet.
 */
async function followScopes(
  context: RunContext,
  known: readonly KnownRequest[],
): Promise<readonly KnownRequest[]> {
  const moved = known.flatMap(({ request, before }) => {
    if (before === undefined || before.scope === unknownScope || before.scope === request.scope) return [];
    return [{ before, after: { ...before, scope: request.scope }, listing: request.listing }];
  });
  await recordShown(context, moved);
  const entries = new Map(moved.map(({ after }) => [after.documentId, after]));
  return known.map(({ request, before }) => ({
    request,
    before: entries.get(request.documentId) ?? before,
  }));
}

function hasFailedBefore({ recheck, config }: RunContext, { request, before }: KnownRequest): boolean {
  if (before?.state !== "failed" || before.config !== config || recheck) return false;
  return before.version === request.version && before.scope === request.scope;
}

async function loadAll(
  context: RunContext,
  known: readonly KnownRequest[],
  steps: IndexingSteps,
): Promise<void> {
  const { loadConcurrency, maxBatchBytes } = context.limits;
  const options = { concurrency: loadConcurrency, signal: context.call.signal };
  let [candidates, bytes]: [Candidate[], number] = [[], 0];
  const commit = async (): Promise<void> => {
    await commitCandidates(context, candidates, steps);
    [candidates, bytes] = [[], 0];
  };
  for (const batch of inBatches(known, { maxItems: loadConcurrency })) {
    if (candidates.length === 0 && !(await steps.mayLoad())) return;
    const loaded = await mapConcurrent(batch, options, (one) => load(context, one));
    for (const [position, candidate] of loaded.entries()) {
      const request = batch[position]?.request;
      if (candidate === undefined && request !== undefined) steps.done(request);
      if (candidate === undefined) continue;
      candidates.push(candidate);
      bytes += documentBytes(candidate.read);
    }
    if (bytes >= maxBatchBytes) await commit();
  }
  await commit();
}

/** Returns undefined if there is nothing to index: the document is gone or cannot be read. */
async function load(context: RunContext, { request, before }: KnownRequest): Promise<Candidate | undefined> {
  try {
    const read = await readDocument(context, request);
    if (read !== undefined) {
      const { media = [] } = read.document;
      context.tally.leaveOut(media.length - embeddedImages(read.document, context.images).length);
      return { read, before };
    }
    // Gone since the source showed it. The end of the listing, or a removal by the source, removes it.
    finishDocument(context, request.documentId);
  } catch (error) {
    await failDocument(context, request, error);
  }
  return undefined;
}

async function commitCandidates(
  context: RunContext,
  candidates: readonly Candidate[],
  { embed, done }: IndexingSteps,
): Promise<void> {
  const differing = await recordSame(context, candidates);
  const planned = await planDocuments(context, differing);
  const byNeed = Map.groupBy(planned, ({ missing }) => (missing.length === 0 ? "write" : "embed"));
  const ready = byNeed.get("write") ?? [];
  const vectors = new Map(ready.flatMap(({ found }) => [...found]));
  if (ready.length > 0) {
    const plans = ready.map(({ plan }) => plan);
    await context.lock.run(() => writePlans(context, plans, vectors));
  }
  embed(byNeed.get("embed") ?? []);
  for (const { read } of candidates) done(read.request);
  context.report();
}
