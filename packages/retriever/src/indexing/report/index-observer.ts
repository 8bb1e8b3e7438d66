import type { Counter, Telemetry } from "@binnacle/core";
import { noTelemetry } from "@binnacle/core/kit";
import { ObservedPart } from "@binnacle/core/telemetry";
import type { RunMode } from "../opening/run-setup.ts";
import type { IndexProgress, IndexReport } from "./index-report.ts";

type Counted = "documentsDone" | "documentsFailed" | "embeddings" | "pointsWritten" | "pointsDeleted";

const counted: readonly (readonly [Counted, name: string, description: string])[] = [
  ["documentsDone", "documents", "Documents that runs finished, including failed documents."],
  ["documentsFailed", "failures", "Documents that runs could not index."],
  ["embeddings", "embeddings", "Texts that runs embedded."],
  ["pointsWritten", "writes", "Points that runs wrote."],
  ["pointsDeleted", "deletes", "Points that runs deleted."],
];

/** Counts the progress of a run. */
export type ProgressMeter = (progress: IndexProgress) => void;

/** Reports the runs of an indexer, while they run, because a run may take hours or never end. */
export class IndexObserver {
  readonly #part: ObservedPart;
  readonly #counters: readonly (readonly [Counted, Counter])[];

  constructor(telemetry: Telemetry, index: string) {
    this.#part = new ObservedPart({ telemetry, part: "indexer", labels: { index } });
    this.#counters = counted.map(([key, name, description]) => [
      key,
      telemetry.counter(`binnacle.indexer.${name}`, { unit: "items", description, attributes: ["index"] }),
    ]);
  }

  /** Runs `run` in a span, and gives it the meter of its progress. */
  run(
    operation: string,
    mode: RunMode,
    run: (mode: RunMode, meter: ProgressMeter) => Promise<IndexReport>,
  ): Promise<IndexReport> {
    return this.#part.run({ operation, options: mode }, async (given, open) => {
      const report = await run(given, this.#meter());
      open.setAttributes({ ...report.documents, embeddings: report.embeddings });
      return report;
    });
  }

  /** Returns a function that counts the difference to the run's last progress. */
  #meter(): ProgressMeter {
    const last = new Map<Counted, number>();
    return (progress) => {
      for (const [key, counter] of this.#counters) {
        const more = progress[key] - (last.get(key) ?? 0);
        if (more > 0) counter.add(more, this.#part.labels);
        last.set(key, progress[key]);
      }
    };
  }
}

/** Returns an observer, or undefined if the telemetry records nothing. */
export function indexObserver(telemetry: Telemetry, index: string): IndexObserver | undefined {
  return telemetry === noTelemetry ? undefined : new IndexObserver(telemetry, index);
}
