import type { ManifestEntry } from "@binnacle/core";
import type { PointVectors } from "../points/vector-stash.ts";
import type { RunContext } from "../run/run-context.ts";
import { failDocument } from "./fail-document.ts";
import { findVectors, type FoundVectors } from "./find-vectors.ts";
import { entryPointIds, planDocument, type DocumentPlan, type PlannedPut } from "./plan-document.ts";
import type { PlannedDocument } from "./planned-document.ts";
import type { ReadDocument } from "./read-document.ts";

/** A document that was read, with its recorded entry. */
export interface Candidate {
  readonly read: ReadDocument;
  readonly before: ManifestEntry | undefined;
}

/** Compares documents with their points, and finds vectors that exist already. */
export async function planDocuments(
  context: RunContext,
  candidates: readonly Candidate[],
): Promise<readonly PlannedDocument[]> {
  const ids = candidates.flatMap(({ before }) => (before ? entryPointIds(context, before) : []));
  const stored = await context.points.get(ids);
  const plans: DocumentPlan[] = [];
  for (const { read, before } of candidates) {
    try {
      plans.push(planDocument(context, read, before, stored));
    } catch (error) {
      await failDocument(context, read.request, error);
    }
  }
  const found = await findVectors(context, plans);
  return plans.map((plan) => withVectors(plan, found));
}

function withVectors(plan: DocumentPlan, found: FoundVectors): PlannedDocument {
  const own = new Map<string, PointVectors>();
  const missing = new Map<string, PlannedPut>();
  for (const put of plan.puts) {
    const hash = put.chunk.contentHash;
    const vectors = found.get(hash);
    if (vectors === undefined) missing.set(hash, put);
    else own.set(hash, vectors);
  }
  return { plan, found: own, missing: [...missing.values()] };
}
