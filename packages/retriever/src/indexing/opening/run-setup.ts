import type { CallOptions } from "@binnacle/core";
import type { ParsedIndexerOptions, SyncOptions } from "../options/indexer-options.ts";
import type { RunContext } from "../run/run-context.ts";
import type { Tally } from "../run/tally.ts";

/** The task of one run. */
export interface RunMode extends SyncOptions {
  readonly sourceId: string;
  /** True if nothing is embedded, written or recorded. */
  readonly isDry?: boolean | undefined;
  /** True if documents are only removed. The model is then not asked. */
  readonly isRemoval?: boolean | undefined;
}

/** The input of {@link withRun}. */
export interface RunSetup {
  readonly options: ParsedIndexerOptions;
  readonly mode: RunMode;
  /** Epoch milliseconds at which to stop waiting for the lease. */
  readonly givesUpAt: number;
  readonly tally: Tally;
  readonly report: RunContext["report"];
  readonly call: CallOptions;
}
