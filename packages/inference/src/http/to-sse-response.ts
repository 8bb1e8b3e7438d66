import { BinnacleError, ConfigurationError } from "@binnacle/core";
import { describeValue, parseOptions } from "@binnacle/core/kit";
import { z } from "zod";

/** Options of {@link toSseResponse}. */
export interface SseResponseOptions {
  /** The request's signal. An abort ends the stream like a reader who leaves. @default none */
  readonly signal?: AbortSignal | undefined;
  /** Further headers. They override the response's own. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * Milliseconds of silence until a comment line is sent. It keeps proxies from closing the connection while
   * a model reads a long prompt. @default 15_000
   */
  readonly pingMs?: number | undefined;
  /** Called with the error of a stream that failed, for a log. @default the error is not reported */
  readonly onError?: ((error: unknown) => void) | undefined;
}

const schema = z.strictObject({
  signal: z.instanceof(AbortSignal).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  pingMs: z.int().positive().default(15_000),
  onError: z
    .custom<(error: unknown) => void>((value) => typeof value === "function", "must be a function")
    .optional(),
});
type Settings = z.output<typeof schema>;

/**
 * Returns a Web `Response` that sends a stream as server-sent events. Each event has its `type` as the name and
 * itself as JSON. `open` receives a signal that aborts when the reader leaves; pass it to the call, because
 * only the signal stops a model that has not written anything yet.
 *
 * A failure becomes an event `error` with the error's `code` and `retryable`. Its message stays inside, because
 * it may name addresses of your network.
 */
export function toSseResponse<E extends { readonly type: string }>(
  open: (signal: AbortSignal) => AsyncIterable<E>,
  options: SseResponseOptions = {},
): Response {
  const settings = parseOptions("toSseResponse", schema, options);
  if (typeof open !== "function") {
    throw new ConfigurationError(
      `toSseResponse: expected a function such as (signal) => backend.stream(request, { signal }), got ${describeValue(open)}`,
    );
  }
  return new Response(new SseSource(open, settings).stream(), {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no", // nginx would hold the events back
      ...settings.headers,
    },
  });
}

/** Reads events only as fast as the reader takes them. */
class SseSource<E extends { readonly type: string }> {
  readonly #open: (signal: AbortSignal) => AsyncIterable<E>;
  readonly #settings: Settings;
  readonly #leave = new AbortController();
  readonly #signal: AbortSignal;
  readonly #encoder = new TextEncoder();
  #events: AsyncIterator<E> | undefined;
  #pending: Promise<IteratorResult<E>> | undefined;
  #hasFailed = false;

  constructor(open: (signal: AbortSignal) => AsyncIterable<E>, settings: Settings) {
    this.#open = open;
    this.#settings = settings;
    const { signal } = settings;
    this.#signal = signal === undefined ? this.#leave.signal : AbortSignal.any([this.#leave.signal, signal]);
  }

  stream(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        const text = await this.#next();
        if (text === undefined) controller.close();
        else controller.enqueue(this.#encoder.encode(text));
      },
      cancel: (reason) => this.#stop(reason),
    });
  }

  /** Returns the text of the next event, a comment after a silence, or undefined at the end. */
  async #next(): Promise<string | undefined> {
    if (this.#hasFailed) return undefined;
    try {
      this.#events ??= this.#open(this.#signal)[Symbol.asyncIterator]();
      this.#pending ??= this.#events.next();
      const next = await within(this.#pending, this.#settings.pingMs);
      if (next === undefined) return ": ping\n\n";
      this.#pending = undefined;
      return next.done === true ? undefined : eventText(next.value.type, next.value);
    } catch (error) {
      return this.#failed(error);
    }
  }

  #failed(error: unknown): string | undefined {
    this.#hasFailed = true;
    if (this.#signal.aborted) return undefined; // the reader is gone
    this.#settings.onError?.(error);
    const known = BinnacleError.isInstance(error);
    const facts = { code: known ? error.code : "internal", retryable: known && error.retryable };
    return eventText("error", { type: "error", ...facts });
  }

  async #stop(reason: unknown): Promise<void> {
    this.#leave.abort(reason);
    try {
      await this.#events?.return?.();
    } catch (error) {
      // A stream may throw the abort's reason once more.
      if (error !== this.#leave.signal.reason) this.#settings.onError?.(error);
    }
  }
}

function eventText(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Resolves with undefined if the promise takes longer. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), ms)));
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
