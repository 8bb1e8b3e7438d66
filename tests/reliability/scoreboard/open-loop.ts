import { setImmediate, setTimeout as sleep } from "node:timers/promises";

/** One request of a load. */
export interface Sample {
  /** Time when the request was due, in milliseconds since the load began. */
  readonly atMs: number;
  /** Milliseconds from the due time until the answer, so that a stall counts for every request during it. */
  readonly latencyMs: number;
  readonly outcome: "right" | "wrong" | "failed";
}

/** A load at a fixed rate. Requests do not wait for each other. */
export interface OpenLoop {
  /** Milliseconds since the load began. */
  now(): number;
  /** Stops sending. Resolves with all requests once they are answered. */
  stop(): Promise<readonly Sample[]>;
}

/** Sends `perSecond` requests a second. `request` resolves to true if the answer was right. */
export function startOpenLoop(perSecond: number, request: (number: number) => Promise<boolean>): OpenLoop {
  const startedAt = performance.now();
  const now = (): number => performance.now() - startedAt;
  const samples: Promise<Sample>[] = [];
  let isStopped = false;
  const send = async (number: number, atMs: number): Promise<Sample> => {
    try {
      const isRight = await request(number);
      return { atMs, latencyMs: now() - atMs, outcome: isRight ? "right" : "wrong" };
    } catch {
      return { atMs, latencyMs: now() - atMs, outcome: "failed" };
    }
  };
  const sending = (async () => {
    for (let number = 0; !isStopped; number++) {
      const atMs = (number * 1000) / perSecond;
      const waitMs = atMs - now();
      // A load that is behind must still let the answers in.
      await (waitMs > 0 ? sleep(waitMs) : setImmediate());
      samples.push(send(number, atMs));
    }
  })();
  return {
    now,
    stop: async () => {
      isStopped = true;
      await sending;
      return Promise.all(samples);
    },
  };
}

/** Returns the samples that were due in this period. */
export function between(samples: readonly Sample[], fromMs: number, toMs: number): readonly Sample[] {
  return samples.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
}

/** Returns the latency that this share of the samples does not exceed. NaN without samples. */
export function percentile(samples: readonly Sample[], share: number): number {
  const sorted = samples.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Counts the samples with this outcome. */
export function countOf(samples: readonly Sample[], outcome: Sample["outcome"]): number {
  return samples.filter((sample) => sample.outcome === outcome).length;
}
