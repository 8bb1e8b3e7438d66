import { BinnacleError } from "@binnacle/core";
import { SyncError, type IncompleteListing, type IndexFailure, type IndexReport } from "@binnacle/retriever";
import type { SkippedFile } from "../folder-listing.ts";
import { plainMessage } from "../plain-message.ts";

/** The report of one ingest in this program's words: paths and flags instead of scopes and options. */
export interface FolderReport extends IndexReport {
  /** Absolute path of the folder or file, or the page's address. */
  readonly path: string;
  /** Documents that are indexed without a part of theirs, such as broken front matter. */
  readonly ignored: readonly IndexFailure[];
  /** Files that were skipped because their format or content cannot be read, at most 1,000. */
  readonly skipped: readonly SkippedFile[];
}

/** Returns true if the folder has files, but none of them was read. */
export function readsNothing({ documents, skipped }: FolderReport): boolean {
  const { added, changed, unchanged, failed } = documents;
  return added + changed + unchanged === 0 && failed + skipped.length > 0;
}

/** The facts that all reports of one ingest share. */
export interface FolderReporting {
  readonly path: string;
  readonly isPlan: boolean;
  readonly ignored: () => readonly IndexFailure[];
  readonly skipped: () => readonly SkippedFile[];
}

export function folderReport(report: IndexReport, folder: FolderReporting): FolderReport {
  return {
    ...report,
    path: folder.path,
    failures: report.failures.map((failure) => ({ ...failure, message: plainMessage(failure.message) })),
    incomplete: report.incomplete.map((listing) => ({
      ...listing,
      message: massDeleteMessage(listing, folder) ?? plainMessage(listing.message),
    })),
    ignored: folder.ignored(),
    skipped: folder.skipped(),
  };
}

/** Translates the error of a run that broke off. Returns any other error unchanged. */
export function folderError(error: unknown, folder: FolderReporting): unknown {
  if (!SyncError.isInstance(error)) return error;
  const report = folderReport(error.report, folder);
  if (error.code !== "mass_delete_refused") return new SyncError(error.cause, report);
  const refused = report.incomplete.find(({ code }) => code === error.code);
  const message = refused?.message ?? error.message;
  return new SyncError(new BinnacleError(error.code, message, { cause: error }), report);
}

function massDeleteMessage(
  { massDelete }: IncompleteListing,
  { path, isPlan }: FolderReporting,
): string | undefined {
  if (massDelete === undefined) return undefined;
  const { documents, known } = massDelete;
  const removed = isPlan ? "would be removed" : "was removed";
  return `${documents} of the ${known} documents indexed from ${path} are no longer in it. That is too many, so none ${removed}. If it is right, run ingest with --allow-mass-delete; else check the folder`;
}
