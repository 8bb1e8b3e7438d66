import { BinnacleError, type ManifestEntry, type Upsert, type Write } from "@binnacle/core";
import { parseFingerprint } from "../fingerprint/document-fingerprint.ts";
import { failDocument } from "./keep-shown.ts";
import { recordShown, type ShownEntry } from "./record-shown.ts";
import {
  entryPointIds,
  planDocument,
  storedEntry,
  writingEntry,
  type DocumentPlan,
} from "./plan-document.ts";
import type { ReadDocument } from "./read-document.ts";
import { resolveVectors, type ResolvedVectors } from "./resolve-vectors.ts";
import type { RunContext } from "../sync/run-context.ts";

/** A document that was read, and what the manifest knows of it. */
export interface Candidate {
  readonly read: ReadDocument;
  readonly before: ManifestEntry | undefined;
}

/**
 * Brings the points of some documents in line with them. Everything that may fail for other reasons than the store comes
 * first, so that a document that cannot be embedded keeps its old points; then the log, then the writes, then the log.
 */
export async function commitDocuments(context: RunContext, candidates: readonly Candidate[]): Promise<void> {
  const same: Candidate[] = [];
  const differing: Candidate[] = [];
  for (const candidate of candidates) (isSame(context, candidate) ? same : differing).push(candidate);
  await recordSame(context, same);
  const plans = await planDocuments(context, differing);
  const vectors = await resolveVectors(
    context,
    plans.flatMap(({ puts }) => puts),
  );
  const ready: DocumentPlan[] = [];
  for (const plan of plans) {
    const error = vectorError(plan, vectors);
    if (error === undefined) ready.push(plan);
    else await failDocument(context, plan.read.request, error);
  }
  await writePlans(context, ready, vectors);
}

/** Another version, but nothing that would change a point: the file was touched, say. */
function isSame({ config }: RunContext, { read, before }: Candidate): boolean {
  if (before?.state !== "stored") return false;
  const recorded = parseFingerprint(before.inputHash);
  return recorded.config === config && recorded.input === read.input;
}

async function recordSame(context: RunContext, candidates: readonly Candidate[]): Promise<void> {
  const entries = candidates.flatMap(({ read, before }) => {
    if (before === undefined) return [];
    const { points } = parseFingerprint(before.inputHash);
    const after = storedEntry(context, { read, before, slots: before.slots, points });
    return [{ before, after, listing: read.request.listing }];
  });
  await recordShown(context, entries);
  for (const { after } of entries) {
    context.tally.documents.unchanged += 1;
    context.tally.chunks.unchanged += after.slots.length;
    finish(context, after.documentId);
  }
}

async function planDocuments(
  context: RunContext,
  candidates: readonly Candidate[],
): Promise<readonly DocumentPlan[]> {
  const ids = candidates.flatMap(({ before }) =>
    before === undefined ? [] : entryPointIds(context, before),
  );
  const stored = await context.points.get(ids);
  const plans: DocumentPlan[] = [];
  for (const { read, before } of candidates) {
    try {
      plans.push(planDocument(context, read, before, stored));
    } catch (error) {
      await failDocument(context, read.request, error);
    }
  }
  return plans;
}

function vectorError(plan: DocumentPlan, vectors: ResolvedVectors): BinnacleError | undefined {
  const outcomes = plan.puts.map(({ chunk }) => vectors.get(chunk.contentHash));
  return outcomes.find((outcome) => BinnacleError.isInstance(outcome));
}

async function writePlans(
  context: RunContext,
  plans: readonly DocumentPlan[],
  vectors: ResolvedVectors,
): Promise<void> {
  if (plans.length === 0) return;
  const begun = new Map(plans.filter(needsWrite).map((plan) => [plan, writingEntry(plan)]));
  await recordShown(
    context,
    [...begun].map(([plan, after]) => shownEntry(plan, plan.before, after)),
  );
  const filled = await written(context, plans, ({ puts, patches }) => [
    ...puts.map((put) => upsertOf(put, vectors)),
    ...patches,
  ]);
  // Only now, and only where everything new is in: whoever searches meanwhile misses nothing.
  const whole = await written(context, filled, ({ deletes }) => deletes);
  await recordShown(
    context,
    whole.map((plan) => shownEntry(plan, begun.get(plan) ?? plan.before, plan.after)),
  );
  for (const plan of whole) count(context, plan);
}

function shownEntry(
  { read }: DocumentPlan,
  before: ManifestEntry | undefined,
  after: ManifestEntry,
): ShownEntry {
  return { before, after, listing: read.request.listing };
}

/** Writes a part of each plan; returns those of which the store refused nothing. The others stay logged as begun. */
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
    else await failDocument(context, plan.read.request, error);
  }
  return whole;
}

function needsWrite({ puts, patches, deletes }: DocumentPlan): boolean {
  return puts.length + patches.length + deletes.length > 0;
}

function upsertOf({ id, chunk, metadata }: DocumentPlan["puts"][number], vectors: ResolvedVectors): Upsert {
  const found = vectors.get(chunk.contentHash);
  const { dense, sparse } = found === undefined || BinnacleError.isInstance(found) ? {} : found;
  return { type: "upsert", id, chunk, metadata, ...(dense && { dense }), ...(sparse && { sparse }) };
}

function count(context: RunContext, plan: DocumentPlan): void {
  const { tally } = context;
  const { before, after, read } = plan;
  const isNewInput = before !== undefined && before.state === "stored" && !isSameInput(before, read);
  if (before === undefined) tally.documents.added += 1;
  else if (needsWrite(plan) || isNewInput) tally.documents.changed += 1;
  else tally.documents.unchanged += 1;
  for (const kind of ["added", "moved", "removed", "unchanged"] as const)
    tally.chunks[kind] += plan.chunks[kind];
  tally.pointsWritten += plan.puts.length + plan.patches.length;
  tally.pointsDeleted += plan.deletes.length;
  finish(context, after.documentId);
}

function isSameInput(before: ManifestEntry, read: ReadDocument): boolean {
  return parseFingerprint(before.inputHash).input === read.input;
}

function finish(context: RunContext, documentId: string): void {
  context.tally.succeed(documentId);
  context.retries.forget(documentId);
  context.tally.documentsDone += 1;
}
