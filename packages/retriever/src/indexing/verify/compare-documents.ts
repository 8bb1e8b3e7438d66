import { BinnacleError, type DocumentSource, type StoredPoint, type UpsertChange } from "@binnacle/core";
import { isSound } from "../fingerprint/points-digest.ts";
import { diffSlots } from "../documents/diff-slots.ts";
import { presentPoint } from "../documents/plan-document.ts";
import { draftPoints, readDocument, type ReadContext } from "../documents/read-document.ts";
import { readChanges } from "../driving/source-reader.ts";
import { reason } from "../run/tally.ts";
import type { Findings } from "./findings.ts";

/** Compares every document that a source lists with its points. Returns the ids that the source showed. */
export async function compareDocuments(
  source: DocumentSource,
  context: ReadContext,
  findings: Findings,
  pointsOf: (documentId: string) => Promise<readonly StoredPoint[]>,
): Promise<ReadonlySet<string>> {
  const shown = new Set<string>();
  const unfinished = new Set<string>();
  for await (const change of readChanges(source, { ...context.call, follow: false })) {
    if (change.type === "unreadable")
      noteUnreadable(change.documentId, change.error, await pointsOf(change.documentId), findings);
    if (change.type === "listing") unfinished[change.state === "started" ? "add" : "delete"](change.scope);
    if (change.type === "listing" && change.state === "aborted") {
      findings.add(
        "",
        "unreadable",
        `the listing of "${change.scope}" broke off: ${change.error?.message ?? "no reason given"}`,
      );
    }
    if (change.type === "upsert" || change.type === "unreadable") shown.add(change.documentId);
    if (change.type === "upsert")
      await compareDocument(change, context, findings, await pointsOf(change.documentId));
  }
  for (const scope of unfinished) {
    findings.add("", "unreadable", `the source ended without completing the listing of "${scope}"`);
  }
  return shown;
}

async function compareDocument(
  change: UpsertChange,
  context: ReadContext,
  findings: Findings,
  stored: readonly StoredPoint[],
): Promise<void> {
  const { documentId } = change;
  try {
    const drafts = await draftsOf(change, context);
    const sound = stored.filter(({ chunk }) => isSound(chunk));
    const present = sound.map((point) => presentPoint(context.spec, point));
    const { assignments, dropped } = diffSlots(drafts, present);
    const count = (action: string): number => assignments.filter((made) => made.action === action).length;
    const damaged = stored.length - sound.length;
    findings.count(count("write"), documentId, "missing", "chunks have no point");
    findings.count(count("patch"), documentId, "stale", "points differ in offsets, title or metadata");
    findings.count(damaged, documentId, "stale", "points hold another text than their hash says");
    findings.count(
      dropped.length,
      documentId,
      "orphaned",
      "points hold text that the document no longer has",
    );
  } catch (error) {
    context.call.signal?.throwIfAborted();
    noteUnreadable(documentId, error, stored, findings);
  }
}

/** Without points, and with an error that will not pass, the index is what a sync would leave. */
function noteUnreadable(
  documentId: string,
  error: unknown,
  stored: readonly StoredPoint[],
  findings: Findings,
): void {
  const isFinal = BinnacleError.isInstance(error) && !error.retryable;
  const { code, message } = reason(error);
  if (isFinal && stored.length === 0) findings.addUnreadable({ documentId, code, message });
  else findings.add(documentId, "unreadable", message);
}

async function draftsOf(change: UpsertChange, context: ReadContext): Promise<ReturnType<typeof draftPoints>> {
  const { documentId, scope, version } = change;
  const load = change.load.bind(change);
  const request = { documentId, scope, version, listing: undefined, load, order: 0, saidAt: 0 };
  const read = await readDocument(context, request);
  return read === undefined ? [] : draftPoints(context, read);
}
