import { BinnacleError, type ManifestEntry, type Upsert, type Write } from "@binnacle/core";
import { parseFingerprint } from "../fingerprint/document-fingerprint.ts";
import type { RunContext } from "../run/run-context.ts";
import type { EmbeddedContents } from "./embed-contents.ts";
import { failDocument, failWrite } from "./fail-document.ts";
import { writingEntry, type DocumentPlan } from "./plan-document.ts";
import type { ReadDocument } from "./read-document.ts";
import { withoutFailedImages } from "./without-failed-images.ts";
import { recordShown, type ShownEntry } from "./record-shown.ts";

/**
 * Makes the points of some documents equal to them: first the log, then the writes, then the log again. A
 * document keeps its old points if one of its texts has no vectors. Call it with the run's lock.
 */
export async function writePlans(
  context: RunContext,
  plans: readonly DocumentPlan[],
  vectors: EmbeddedContents,
): Promise<void> {
  const ready: DocumentPlan[] = [];
  for (const plan of plans) {
    const error = vectorError(plan, vectors);
    const rest = error && withoutFailedImages(plan, vectors, error);
    const failure = rest === undefined ? error : vectorError(rest, vectors);
    if (failure === undefined) ready.push(rest ?? plan);
    else await failDocument(context, plan.read.request, failure);
  }
  if (ready.length === 0) return;
  const begun = new Map(ready.filter(needsWrite).map((plan) => [plan, writingEntry(plan)]));
  await recordShown(
    context,
    [...begun].map(([plan, after]) => shownEntry(plan, plan.before, after)),
  );
  const filled = await written(context, ready, ({ puts, patches }) => [
    ...puts.map((put) => upsertOf(put, vectors)),
    ...patches,
  ]);
  // Deletes come last, and only for documents whose new points are all written, so that no search misses
  // them.
  const whole = await written(context, filled, ({ deletes }) => deletes);
  await recordShown(
    context,
    whole.map((plan) => shownEntry(plan, begun.get(plan) ?? plan.before, plan.after)),
  );
  for (const plan of whole) count(context, plan);
}

/** Notes that a document is as the source has it. */
export function finishDocument({ tally, retries }: RunContext, documentId: string): void {
  tally.succeed(documentId);
  retries.forget(documentId);
  tally.documentsDone += 1;
}

function vectorError(plan: DocumentPlan, vectors: EmbeddedContents): BinnacleError | undefined {
  const outcomes = plan.puts.map(({ chunk }) => vectors.get(chunk.contentHash));
  return outcomes.find((outcome) => BinnacleError.isInstance(outcome));
}

function shownEntry(
  { read }: DocumentPlan,
  before: ManifestEntry | undefined,
  after: ManifestEntry,
): ShownEntry {
  return { before, after, listing: read.request.listing };
}

/**
 * Writes a part of each plan. Returns the plans of which the store refused nothing. The other documents stay
 * logged as begun.
 */
async function written(
  context: RunContext,
  plans: readonly DocumentPlan[],
  writesOf: (plan: DocumentPlan) => readonly Write[],
): Promise<readonly DocumentPlan[]> {
  const failures = await context.points.write(plans.flatMap(writesOf));
  const whole: DocumentPlan[] = [];
  for (const plan of plans) {
    const { puts, patches, deletes } = plan;
    const error = [...puts, ...patches, ...deletes].map(({ id }) => failures.get(id)).find((found) => found);
    if (error === undefined) whole.push(plan);
    else await failWrite(context, plan.read.request, error);
  }
  return whole;
}

function needsWrite({ puts, patches, deletes }: DocumentPlan): boolean {
  return puts.length + patches.length + deletes.length > 0;
}

function upsertOf({ id, chunk, metadata }: DocumentPlan["puts"][number], vectors: EmbeddedContents): Upsert {
  const found = vectors.get(chunk.contentHash);
  const { dense, sparse } = found === undefined || BinnacleError.isInstance(found) ? {} : found;
  return { type: "upsert", id, chunk, metadata, ...(dense && { dense }), ...(sparse && { sparse }) };
}

function count(context: RunContext, plan: DocumentPlan): void {
  const { tally } = context;
  const { before, after, read } = plan;
  const isNewInput = before !== undefined && before.state === "stored" && !isSameInput(before, read);
  if (before === undefined || wasNeverIndexed(before)) tally.documents.added += 1;
  else if (needsWrite(plan) || isNewInput) tally.documents.changed += 1;
  else tally.documents.unchanged += 1;
  for (const kind of ["added", "moved", "removed", "unchanged"] as const)
    tally.chunks[kind] += plan.chunks[kind];
  tally.pointsWritten += plan.puts.length + plan.patches.length;
  tally.pointsDeleted += plan.deletes.length;
  finishDocument(context, after.documentId);
  const { failure } = after;
  if (failure) tally.fail(after.documentId, new BinnacleError(failure.code, failure.message), read.request);
}

/** Returns true if an entry only records that its document failed. */
export function wasNeverIndexed({ state, slots }: ManifestEntry): boolean {
  return state === "failed" && slots.length === 0;
}

function isSameInput(before: ManifestEntry, read: ReadDocument): boolean {
  return parseFingerprint(before.inputHash).input === read.input;
}
