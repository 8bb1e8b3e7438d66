import { attribute, type GenerationEvent, type InferenceCallOptions } from "@binnacle/core";
import { createDeadline, FoldedGeneration, type Deadline } from "@binnacle/core/kit";
import { AttemptLog } from "../server/attempt-log.ts";
import { attempted } from "../server/attempted.ts";
import type { ServerIdentity } from "../server/model-server.ts";
import type { StreamTimeoutSettings } from "./stream-timeouts.ts";

/** An event of a generation, or `alive` for a sign of life without content. */
export type GenerationItem = GenerationEvent | "alive";

/** Items that arrived together, or one item. Lists cost less for streams of many short events. */
export type GenerationItems = GenerationItem | readonly GenerationItem[];

/** Options of one attempt. */
export type AttemptOptions = InferenceCallOptions & { readonly signal: AbortSignal };

/** Options of {@link timedGeneration}. */
export interface TimedGenerationOptions extends InferenceCallOptions {
  readonly server: ServerIdentity;
  readonly timeouts: StreamTimeoutSettings;
  /**
   * Sends the request once and yields its events. It may be called again while only `start` and `usage` have
   * arrived. The source must end when the signal aborts, and must throw only the SDK's errors.
   */
  readonly open: (call: AttemptOptions) => AsyncIterable<GenerationItems>;
}

/**
 * Runs one generation under the timers `first-token`, `idle` and `total`, over any transport. A failure
 * before the first token is retried. A later failure carries the partial answer. Leaving the loop ends the
 * source. Events that arrived together are yielded together.
 */
export async function* timedGeneration(
  options: TimedGenerationOptions,
): AsyncGenerator<readonly GenerationEvent[], void, undefined> {
  const { server, signal, deadlineAt, timeouts } = options;
  const { idleTimeoutMs, totalTimeoutMs } = timeouts;
  const deadline = createDeadline({ label: server.label, signal, deadlineAt, totalMs: totalTimeoutMs });
  const folded = new FoldedGeneration();
  const log = new AttemptLog(server.address);
  let begun: Beginning | undefined;
  try {
    deadline.signal.throwIfAborted();
    begun = await firstToken(options, deadline, log);
    for await (const events of begun.events()) {
      deadline.enter("reader"); // a slow reader is not silence of the server
      for (const event of events) folded.add(event);
      if (events.length > 0) yield events;
      deadline.enter("idle", idleTimeoutMs);
    }
  } catch (error) {
    signal?.throwIfAborted(); // the caller's own reason, unchanged, even if it is a timeout
    const failure: unknown = deadline.signal.aborted ? deadline.signal.reason : error;
    log.fail(failure);
    const partial = begun === undefined ? undefined : folded.partial();
    throw attribute(failure, { replica: server.address, attempts: log.records, partial });
  } finally {
    deadline[Symbol.dispose]();
  }
}

/**
 * Sends the request until the first token arrives or no attempt is left. A retry is safe until then, because
 * the reader has seen nothing that it could contradict.
 */
function firstToken(
  options: TimedGenerationOptions,
  deadline: Deadline,
  log: AttemptLog,
): Promise<Beginning> {
  const { server, timeouts, open, maxAttempts, priority, tenant, affinity, requestId, traceparent } = options;
  const { signal, deadlineAt } = deadline;
  deadline.enter("first-token", timeouts.firstTokenTimeoutMs);
  const call = { signal, deadlineAt, priority, tenant, affinity, requestId, traceparent };
  return attempted(server, { signal, deadlineAt, maxAttempts, log }, async () => {
    const beginning = new Beginning(open(call)[Symbol.asyncIterator]());
    await beginning.read();
    return beginning;
  });
}

/** An answer whose events up to the first token were read. */
class Beginning {
  readonly #source: AsyncIterator<GenerationItems>;
  readonly #held: GenerationEvent[] = [];

  constructor(source: AsyncIterator<GenerationItems>) {
    this.#source = source;
  }

  async read(): Promise<void> {
    for (;;) {
      const next = await this.#source.next();
      if (next.done === true) return;
      const events = eventsIn(next.value);
      this.#held.push(...events);
      if (events.some(isToken)) return;
    }
  }

  /** Yields the events in lists. A list is empty if the server only showed that it is alive. */
  async *events(): AsyncGenerator<readonly GenerationEvent[], void, undefined> {
    try {
      if (this.#held.length > 0) yield this.#held;
      for (;;) {
        const next = await this.#source.next();
        if (next.done === true) return;
        yield eventsIn(next.value);
      }
    } finally {
      await this.#source.return?.();
    }
  }
}

function eventsIn(items: GenerationItems): readonly GenerationEvent[] {
  if (!isList(items)) return items === "alive" ? [] : [items];
  return items.filter((item) => item !== "alive");
}

function isList(items: GenerationItems): items is readonly GenerationItem[] {
  return Array.isArray(items);
}

function isToken({ type }: GenerationEvent): boolean {
  return type !== "start" && type !== "usage";
}
