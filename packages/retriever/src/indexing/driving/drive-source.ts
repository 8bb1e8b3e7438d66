import { BinnacleError, type DocumentSource } from "@binnacle/core";
import type { FollowMonitor } from "./follow-monitor.ts";
import type { OpenRun } from "../opening/open-run.ts";
import { reason } from "../run/tally.ts";
import { Patience } from "./patience.ts";
import { SourceReader, type NextChange } from "./source-reader.ts";
import { SyncRun } from "../changes/sync-run.ts";
import { Wake } from "./wake.ts";

/** The times and the monitor of a followed source. */
export interface FollowTimes {
  readonly flushMs: number;
  readonly retryMs: number;
  readonly monitor: FollowMonitor;
}

/** Reads a source to the end of its listing and applies its changes. */
export async function syncSource(source: DocumentSource, open: OpenRun): Promise<void> {
  await new Drive(source, open, undefined).run();
}

/** Reads a source until it ends or the signal fires, and applies its changes as they arrive. */
export async function followSource(source: DocumentSource, open: OpenRun, times: FollowTimes): Promise<void> {
  await new Drive(source, open, times).run();
}

/** One run over one source. */
class Drive {
  readonly #signal: AbortSignal | undefined;
  readonly #stop: AbortController = new AbortController();
  readonly #times: FollowTimes | undefined;
  readonly #patience: Patience;
  readonly #wake: Wake = new Wake();
  readonly #run: SyncRun;
  readonly #reader: SourceReader;
  #arrived: NextChange | undefined;
  #isPulling = false;
  #flushedAt = -Infinity;

  constructor(source: DocumentSource, open: OpenRun, times: FollowTimes | undefined) {
    const { resume } = open;
    const { signal } = open.context.call;
    const signals = [this.#stop.signal, ...(signal ? [signal] : [])];
    const context = { ...open.context, call: { ...open.context.call, signal: AbortSignal.any(signals) } };
    const isLive = times !== undefined;
    this.#signal = signal;
    this.#times = times;
    this.#patience = new Patience({
      call: context.call,
      report: (degraded) => {
        context.report(degraded);
        this.#wake.fire();
      },
    });
    if (!isLive) this.#patience.giveUp();
    this.#run = new SyncRun(context, {
      resumed: resume.keys(),
      isLive,
      isStalled: () => this.#patience.failing !== undefined,
      attempt: (call) => this.#patience.attempt(call),
      takeBack: (_, error) => this.#patience.mayPass(error),
      onProgress: () => this.#wake.fire(),
    });
    this.#reader = new SourceReader(source, { ...context.call, follow: isLive, resume });
    times?.monitor.watch(this.#run, this.#patience);
  }

  async run(): Promise<void> {
    try {
      const failure = await this.#takeAll();
      if (failure !== undefined) await this.#endFailed(failure.error);
      await this.#patience.attempt(() => this.#run.finish());
    } catch (error) {
      // The lane stops at its next step, since the run is over.
      this.#stop.abort(error);
      throw error;
    } finally {
      await this.#run.ended();
      await this.#reader.close();
    }
  }

  /** Takes changes until the source ends. Returns the source's error if the source fails. */
  async #takeAll(): Promise<{ readonly error: unknown } | undefined> {
    for (;;) {
      this.#run.check();
      const next = this.#arrived;
      this.#arrived = undefined;
      if (next !== undefined) {
        if ("error" in next) return next;
        if (next.result.done === true) return undefined;
        this.#times?.monitor.pulled();
        this.#run.take(next.result.value);
      }
      await this.#applyDue();
      this.#pull();
      if (this.#arrived === undefined) await this.#wake.until(this.#dueAt());
    }
  }

  #pull(): void {
    if (this.#isPulling || this.#arrived !== undefined || this.#run.isFull) return;
    this.#isPulling = true;
    void this.#reader.next().then((next) => {
      this.#isPulling = false;
      this.#arrived = next;
      this.#wake.fire();
    });
  }

  /** Returns the epoch milliseconds at which something is due even if the source sends nothing. */
  #dueAt(): number {
    if (this.#times === undefined) return Infinity;
    const { flushMs, retryMs } = this.#times;
    // A change that comes alone does not wait for others.
    const flushAt = this.#run.hasNews ? this.#flushedAt + flushMs : Infinity;
    return Math.min(flushAt, this.#run.retryAt(retryMs));
  }

  async #applyDue(): Promise<void> {
    const now = Date.now();
    if (!this.#run.isDue && now < this.#dueAt()) return;
    const isRetry = this.#times !== undefined && now >= this.#run.retryAt(this.#times.retryMs);
    await this.#patience.attempt(() => (isRetry ? this.#run.retry() : this.#run.flush()));
    this.#flushedAt = Date.now();
  }

  /** Applies the changes that the source sent before it failed, and rejects with its error. */
  async #endFailed(error: unknown): Promise<never> {
    this.#signal?.throwIfAborted();
    this.#patience.giveUp();
    try {
      await this.#run.drain();
    } catch (second) {
      this.#signal?.throwIfAborted();
      throw bothFailed(error, second);
    }
    throw error;
  }
}

/** Joins two errors. The source's own error comes first, because it must be solved first. */
function bothFailed(error: unknown, second: unknown): BinnacleError {
  const { code, message } = reason(error);
  return new BinnacleError(
    code,
    `${message}; and what the source had said before could not be applied: ${reason(second).message}`,
    {
      cause: new AggregateError([error, second], "the source failed, and then the index"),
      retryable: BinnacleError.isInstance(error) && error.retryable,
    },
  );
}
