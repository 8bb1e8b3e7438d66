import { BinnacleError } from "@binnacle/core";
import { SyncError, type IncompleteListing, type IndexReport } from "@binnacle/retriever";

/** The report of a folder in terms of this program, whose user knows paths and flags, but no scopes and options. */
export function folderReport(report: IndexReport, path: string, isPlan: boolean): IndexReport {
  const incomplete = report.incomplete.map((listing) => {
    const message = massDeleteMessage(listing, path, isPlan);
    return message === undefined ? listing : { ...listing, message };
  });
  return { ...report, incomplete };
}

/** The same for a run that broke off; any other error comes back as it is. */
export function folderError(error: unknown, path: string): unknown {
  if (!SyncError.isInstance(error)) return error;
  const report = folderReport(error.report, path, false);
  if (error.code !== "mass_delete_refused") return new SyncError(error.cause, report);
  const refused = report.incomplete.find(({ code }) => code === error.code);
  const message = refused?.message ?? error.message;
  return new SyncError(new BinnacleError(error.code, message, { cause: error }), report);
}

function massDeleteMessage(
  { massDelete }: IncompleteListing,
  path: string,
  isPlan: boolean,
): string | undefined {
  if (massDelete === undefined) return undefined;
  const { documents, known } = massDelete;
  const removed = isPlan ? "would be removed" : "was removed";
  return `${documents} of the ${known} documents indexed from ${path} are no longer in it, so many that none ${removed}; if that is right, run it with --allow-mass-delete, else check the folder`;
}
