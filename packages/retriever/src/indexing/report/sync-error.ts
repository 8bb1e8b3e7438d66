import { BinnacleError } from "@binnacle/core";
import type { IndexReport } from "./index-report.ts";

/**
 * A run that could not finish. `code`, `retryable` and `message` are those of its cause. The code is
 * `unexpected_error` if the cause is no `BinnacleError`. Everything in the report is done and stays, and the
 * next run does the rest.
 */
export class SyncError extends BinnacleError {
  override readonly name = "SyncError";
  /** The work that was done before the failure. */
  readonly report: IndexReport;

  constructor(cause: unknown, report: IndexReport) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const known = BinnacleError.isInstance(cause) ? cause : undefined;
    super(known?.code ?? "unexpected_error", message, { cause, retryable: known?.retryable ?? false });
    this.report = report;
  }

  /** Works across duplicate installs, where `instanceof` does not. */
  static override isInstance(value: unknown): value is SyncError {
    return BinnacleError.isInstance(value) && value.name === "SyncError";
  }
}
