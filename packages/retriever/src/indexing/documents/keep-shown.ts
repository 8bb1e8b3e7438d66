import { BinnacleError } from "@binnacle/core";
import type { IndexRequest } from "./index-request.ts";
import type { RunContext } from "../sync/run-context.ts";
import type { Listing } from "../sync/listing.ts";
import { recordShown } from "./record-shown.ts";

/** A document that the source showed, whatever came of it. */
export interface ShownDocument {
  readonly documentId: string;
  readonly scope: string;
  readonly listing: Listing | undefined;
}

/** Notes that a listing showed a document whose points stay as they are, so that its end does not delete it. */
export async function keepShown(context: RunContext, shown: ShownDocument): Promise<void> {
  const { documentId, scope, listing } = shown;
  const [entry] = await context.entries.get([documentId], context.call);
  if (entry === undefined) return;
  const seenIn = listing?.id ?? entry.seenIn;
  // A removal that broke off and whose document is there again must not be finished.
  const state = entry.state === "removing" ? "writing" : entry.state;
  if (entry.scope === scope && entry.state === state) {
    if (entry.seenIn !== seenIn) await context.entries.seen([documentId], seenIn, context.call);
    return;
  }
  await recordShown(context, [{ before: entry, after: { ...entry, scope, seenIn, state }, listing }]);
}

/** Reports that a document is not as the source has it; what is indexed of it is kept. An abort is no failure. */
export async function failDocument(
  context: RunContext,
  shown: ShownDocument | IndexRequest,
  error: unknown,
): Promise<void> {
  context.call.signal?.throwIfAborted();
  context.tally.fail(shown.documentId, error, shown);
  context.tally.documentsDone += 1;
  const mayPass = !BinnacleError.isInstance(error) || error.retryable;
  if (mayPass && "load" in shown) context.retries.add(shown);
  else context.retries.forget(shown.documentId);
  await keepShown(context, shown);
}
