import { BinnacleError } from "@binnacle/core";
import type { IndexReport } from "./index-report.ts";

const maxShown = 3;

/** Returns why the index does not equal the input of a run, or undefined if it does. */
export function failureOf(
  report: Pick<IndexReport, "documents" | "failures" | "incomplete">,
): BinnacleError | undefined {
  const { documents, failures, incomplete } = report;
  if (documents.failed > 0) {
    const shown = failures.slice(0, maxShown).map(({ documentId, message }) => `"${documentId}": ${message}`);
    const more = documents.failed - shown.length;
    const all = documents.added + documents.changed + documents.unchanged + documents.failed;
    return new BinnacleError(
      "documents_failed",
      `${documents.failed} of ${all} documents could not be indexed: ${shown.join("; ")}${more > 0 ? `; and ${more} more` : ""}`,
    );
  }
  if (incomplete.length === 0) return undefined;
  const shown = incomplete.slice(0, maxShown).map(({ scope, message }) => `"${scope}": ${message}`);
  return new BinnacleError(
    "listing_incomplete",
    `${incomplete.length} of the source's listings did not complete, so nothing was removed there: ${shown.join("; ")}`,
  );
}
