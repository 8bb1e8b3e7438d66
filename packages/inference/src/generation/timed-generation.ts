import { attribute, type GenerationEvent, type InferenceCallOptions } from "@binnacle/core";
import { createDeadline, FoldedGeneration, type Deadline } from "@binnacle/core/kit";
import { AttemptLog } from "../server/attempt-log.ts";
import { attempted } from "../server/attempted.ts";
import type { ServerIdentity } from "../server/model-server.ts";
import type { StreamTimeoutSettings } from "./stream-timeouts.ts";

/** An event, or `alive` for a sign of life that says nothing else. */
export type GenerationItem = GenerationEvent | "alive";

/** Options of one attempt. */
export type AttemptOptions = InferenceCallOptions & { readonly signal: AbortSignal };

/** What {@link timedGeneration} takes. */
export interface TimedGenerationOptions extends InferenceCallOptions {
  readonly server: ServerIdentity;
  readonly timeouts: StreamTimeoutSettings;
  /**
   * Sends the request once and gives its events. It may run again as long as nothing but `start` and `usage` has come.
   * Its source must end when the signal aborts, and its errors are the SDK's own.
   */
  readonly open: (call: AttemptOptions) => AsyncIterable<GenerationItem>;
}

/**
 * One generation under the timers `first-token`, `idle` and `total`, whatever the server speaks. A failure before the first
 * token is tried again; after it, the error tells what had arrived. Leaving the loop ends the source.
 */
export async function* timedGeneration(
  options: TimedGenerationOptions,
): AsyncGenerator<GenerationEvent, void, undefined> {
  const { server, signal, deadlineAt, timeouts } = options;
  const { idleTimeoutMs, totalTimeoutMs } = timeouts;
  const deadline = createDeadline({ label: server.label, signal, deadlineAt, totalMs: totalTimeoutMs });
  const folded = new FoldedGeneration();
  const log = new AttemptLog(server.address);
  let begun: Beginning | undefined;
  try {
    deadline.signal.throwIfAborted();
    begun = await firstToken(options, deadline, log);
    for await (const item of begun.items()) {
      deadline.enter("idle", idleTimeoutMs);
      if (item === "alive") continue;
      folded.add(item);
      deadline.enter("reader"); // a reader who takes his time is no silence of the server
      yield item;
      deadline.enter("idle", idleTimeoutMs);
    }
  } catch (error) {
    signal?.throwIfAborted(); // with the caller's reason as it is, be it a timeout of his own
    const failure: unknown = deadline.signal.aborted ? deadline.signal.reason : error;
    log.fail(failure);
    const partial = begun === undefined ? undefined : folded.partial();
    throw attribute(failure, { replica: server.address, attempts: log.records, partial });
  } finally {
    deadline[Symbol.dispose]();
  }
}

/** Sends the request, as often as allowed, until there is something that a second answer could contradict. */
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

/** An answer of which the events up to the first token have been read. */
class Beginning {
  readonly #source: AsyncIterator<GenerationItem>;
  readonly #held: GenerationItem[] = [];

  constructor(source: AsyncIterator<GenerationItem>) {
    this.#source = source;
  }

  async read(): Promise<void> {
    for (;;) {
      const next = await this.#source.next();
      if (next.done === true) return;
      if (next.value !== "alive") this.#held.push(next.value);
      if (isToken(next.value)) return;
    }
  }

  async *items(): AsyncGenerator<GenerationItem, void, undefined> {
    try {
      yield* this.#held;
      for (;;) {
        const next = await this.#source.next();
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await this.#source.return?.();
    }
  }
}

function isToken(item: GenerationItem): boolean {
  return item !== "alive" && item.type !== "start" && item.type !== "usage";
}
