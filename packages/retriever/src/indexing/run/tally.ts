import { BinnacleError } from "@binnacle/core";
import { failureOf } from "../report/failure-of.ts";
import type {
  DegradedScope,
  IncompleteListing,
  IndexFailure,
  IndexProgress,
  IndexReport,
  RemovedScope,
} from "../report/index-report.ts";
import { SyncError } from "../report/sync-error.ts";
import { MassDeleteError } from "./mass-delete-error.ts";

const maxFailures = 1000;

/** The scope and the listing in which a failed document was shown. */
interface Place {
  readonly scope: string;
  readonly listing: { readonly id: string } | undefined;
}

interface Failure {
  /** Undefined beyond {@link maxFailures}. */
  readonly reason: IndexFailure | undefined;
  readonly scope: string | undefined;
  readonly listing: string | undefined;
}

/** The counters of a run. */
export class Tally {
  readonly documents: { added: number; changed: number; removed: number; unchanged: number } = {
    added: 0,
    changed: 0,
    removed: 0,
    unchanged: 0,
  };
  readonly chunks: { added: number; moved: number; removed: number; unchanged: number } = {
    added: 0,
    moved: 0,
    removed: 0,
    unchanged: 0,
  };
  phase: IndexProgress["phase"] = "indexing";
  documentsSeen = 0;
  documentsDone = 0;
  embeddings = 0;
  pointsWritten = 0;
  pointsDeleted = 0;
  /** Documents whose entries were rebuilt from points and that the source then showed. */
  adopted = 0;
  readonly #startedAt: number = performance.now();
  readonly #failures: Map<string, Failure> = new Map();
  readonly #incomplete: Map<string, IncompleteListing> = new Map();
  readonly #degraded: Map<string, DegradedScope> = new Map();
  readonly #removedScopes: Map<string, RemovedScope> = new Map();
  readonly #ignored: Map<string, number> = new Map();
  #leftOut = 0;

  /** Number of documents that are not as the source has them. */
  get failed(): number {
    return this.#failures.size;
  }

  /** Notes a failure. A later failure of the same document replaces it. */
  fail(documentId: string, error: unknown, shown?: Place & { readonly known?: true }): void {
    const known = shown?.known === true && { known: true as const };
    const isKept = this.#failures.has(documentId) || this.#failures.size < maxFailures;
    this.#failures.set(documentId, {
      reason: isKept ? { documentId, ...reason(error), ...known } : undefined,
      scope: shown?.scope,
      listing: shown?.listing?.id,
    });
  }

  /**
   * Returns the failed documents of a scope that its listing did not show again. Without a listing it returns
   * all of them.
   */
  failedUnseen(scope: string, listing: string | undefined): readonly string[] {
    return [...this.#failures]
      .filter(
        ([, failure]) => failure.scope === scope && (listing === undefined || failure.listing !== listing),
      )
      .map(([documentId]) => documentId);
  }

  /** Takes a failure back, because a later attempt succeeded. */
  succeed(documentId: string): void {
    this.#failures.delete(documentId);
  }

  /** Notes that no document of a scope was removed, and why. */
  incomplete(scope: string, error: unknown): void {
    const massDelete = error instanceof MassDeleteError && { documents: error.documents, known: error.known };
    this.#incomplete.set(scope, { scope, ...reason(error), ...(massDelete && { massDelete }) });
  }

  /** Takes that note back, because the scope was listed completely. */
  complete(scope: string): void {
    this.#incomplete.delete(scope);
  }

  /** Notes that a scope is degraded at the end of the run. */
  degraded(scope: string, error: unknown): void {
    this.#degraded.set(scope, { scope, ...reason(error) });
  }

  /** Notes that a scope is gone, and the number of its documents. */
  endScope(scope: string, documents: number): void {
    const before = this.#removedScopes.get(scope)?.documents ?? 0;
    const hasRoom = this.#removedScopes.size < maxFailures;
    if (before + documents > 0 && hasRoom)
      this.#removedScopes.set(scope, { scope, documents: before + documents });
  }

  /** Counts a change of an unknown type. Returns true for the first of its type. */
  ignore(type: string): boolean {
    const before = this.#ignored.get(type) ?? 0;
    if (before > 0 || this.#ignored.size < maxFailures) this.#ignored.set(type, before + 1);
    return before === 0;
  }

  /** Counts images and other media that are not indexed, although their documents are. */
  leaveOut(count: number): void {
    this.#leftOut += count;
  }

  progress(degraded?: IndexProgress["degraded"]): IndexProgress {
    const { phase, documentsSeen, documentsDone, embeddings, pointsWritten, pointsDeleted } = this;
    const { added, moved, unchanged } = this.chunks;
    return {
      phase,
      documentsSeen,
      documentsDone,
      documentsFailed: this.failed,
      chunks: added + moved + unchanged,
      embeddings,
      pointsWritten,
      pointsDeleted,
      degraded,
    };
  }

  report(): IndexReport {
    const { added, changed, removed } = this.documents;
    const { embeddings, pointsWritten, pointsDeleted, failed } = this;
    return reportOf({
      summary: `+${added} ~${changed} -${removed} documents, ${counted(embeddings, "embedding")}, ${counted(failed, "failure")}`,
      documents: { ...this.documents, failed },
      chunks: { ...this.chunks },
      embeddings,
      pointsWritten,
      pointsDeleted,
      durationMs: Math.round(performance.now() - this.#startedAt),
      failures: [...this.#failures.values()].flatMap(({ reason }) => reason ?? []),
      incomplete: [...this.#incomplete.values()],
      degraded: [
        ...this.#degraded.values(),
        ...Array.from(this.#ignored, (found) => ignoredChanges(...found)),
        ...(this.#leftOut === 0 ? [] : [ignoredMedia(this.#leftOut)]),
      ],
      removedScopes: [...this.#removedScopes.values()],
    });
  }
}

/**
 * Creates a report. Its method is not enumerable, so that a report can be logged, compared and sent as plain
 * data.
 */
function reportOf(counts: Omit<IndexReport, "throwIfFailed">): IndexReport {
  const report: IndexReport = { ...counts, throwIfFailed };
  return Object.defineProperty(report, "throwIfFailed", { enumerable: false });

  function throwIfFailed(): IndexReport {
    const error = failureOf(counts);
    if (error !== undefined) throw new SyncError(error, report);
    return report;
  }
}

function ignoredChanges(type: string, count: number): DegradedScope {
  const message = `${counted(count, "change")} of type ${type} ignored, because this release does not know the type`;
  return { scope: "", code: "unknown_change", message };
}

function ignoredMedia(count: number): DegradedScope {
  const message = `${counted(count, "media part")} of documents left out. Only PNG, JPEG, GIF and WebP images of documents with text are indexed, and only by an embedder that accepts images.`;
  return { scope: "", code: "media_ignored", message };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Returns the code and the message of an error. */
export function reason(error: unknown): { code: string; message: string } {
  if (BinnacleError.isInstance(error)) return { code: error.code, message: error.message };
  return { code: "unexpected_error", message: error instanceof Error ? error.message : String(error) };
}
