import { BinnacleError, type DocumentSource, type SourceChange } from "@binnacle/core";
import { sleep } from "@binnacle/core/kit";
import { comesWithin } from "./comes-within.ts";
import type { OpenRun } from "./open-run.ts";
import { SourceReader } from "./source-reader.ts";
import { SyncRun } from "./sync-run.ts";
import { reason } from "./tally.ts";

/** Reads a source to the end of its listing and applies what it says. */
export async function syncSource(source: DocumentSource, { context, resume }: OpenRun): Promise<void> {
  const run = new SyncRun(context);
  const reader = new SourceReader(source, { ...context.call, follow: false, resume });
  try {
    for (;;) {
      const next = await reader.next();
      if ("error" in next) return await endFailed(context, run, next.error);
      if (next.result.done === true) break;
      await run.handle(next.result.value);
    }
  } finally {
    await reader.close();
  }
  await run.finish();
}

/** How a live source is followed. */
export interface FollowTimes {
  readonly flushMs: number;
  readonly retryMs: number;
}

/** Reads a source until it ends or the signal fires, and applies what it says soon after. */
export async function followSource(
  source: DocumentSource,
  { context, resume }: OpenRun,
  times: FollowTimes,
): Promise<void> {
  const run = new SyncRun(context);
  const reader = new SourceReader(source, { ...context.call, follow: true, resume });
  const persistently = (action: () => Promise<void>): Promise<void> => persist(context, action);
  try {
    let next = reader.next();
    let [dueAt, quietAt] = [Infinity, Infinity];
    for (;;) {
      const nextDueAt = Math.min(dueAt, quietAt, run.retryAt(times.retryMs));
      const outcome = await comesWithin(next, nextDueAt - Date.now());
      if (outcome === "due") {
        await persistently(() => run.flush());
        if (Date.now() >= run.retryAt(times.retryMs)) await persistently(() => run.retry());
        if (Date.now() >= quietAt) await persistently(() => run.tidy());
        if (!run.isUntidy) quietAt = Infinity;
        dueAt = Infinity;
        continue;
      }
      if ("error" in outcome) return await endFailed(context, run, outcome.error);
      if (outcome.result.done === true) break;
      const change: SourceChange = outcome.result.value;
      await persistently(() => run.handle(change));
      if (change.type === "listing" && change.state === "complete") context.tally.phase = "following";
      // Only when the source rests: after one scope's listing it may go on to the next one's.
      quietAt = run.isUntidy ? Date.now() + times.flushMs : Infinity;
      dueAt = run.hasWork ? Math.min(dueAt, Date.now() + times.flushMs) : Infinity;
      next = reader.next();
    }
    await persistently(() => run.finish());
  } finally {
    await reader.close();
  }
}

/** Rejects with why the source failed; what it said before holds, and is applied. */
async function endFailed({ call }: OpenRun["context"], run: SyncRun, error: unknown): Promise<never> {
  call.signal?.throwIfAborted();
  try {
    await run.flush();
  } catch (second) {
    call.signal?.throwIfAborted();
    throw bothFailed(error, second);
  }
  throw error;
}

/** The source's own error says what is to be done first. */
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

const longestPauseMs = 30_000;

/** Tries again while the cause may pass: a model server that restarts must not end a live index. */
async function persist(context: OpenRun["context"], action: () => Promise<void>): Promise<void> {
  for (let pauseMs = 500; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      return await action();
    } catch (error) {
      context.call.signal?.throwIfAborted();
      if (!BinnacleError.isInstance(error) || !error.retryable || isLost(error)) throw error;
      context.report({ scope: "", error });
    }
    await sleep(pauseMs, context.call);
  }
}

function isLost(error: unknown): boolean {
  return BinnacleError.isInstance(error) && error.code === "lease_lost";
}
