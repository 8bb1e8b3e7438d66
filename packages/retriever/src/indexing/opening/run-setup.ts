import type { CallOptions } from "@binnacle/core";
import type { ParsedIndexerOptions, SyncOptions } from "../options/indexer-options.ts";
import type { RunContext } from "../run/run-context.ts";
import type { Tally } from "../run/tally.ts";

/** What one run is to do. */
export interface RunMode extends SyncOptions {
  readonly sourceId: string;
  /** True: nothing is embedded, written or recorded. */
  readonly isDry?: boolean | undefined;
}

/** What a run is opened with. */
export interface RunSetup {
  readonly options: ParsedIndexerOptions;
  readonly mode: RunMode;
  /** When to stop waiting for the lease, epoch milliseconds. */
  readonly givesUpAt: number;
  readonly tally: Tally;
  readonly report: RunContext["report"];
  readonly call: CallOptions;
}
