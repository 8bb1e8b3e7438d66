import { BinnacleError } from "../../errors/binnacle-error.ts";
import { linkedController, type LinkedController } from "../time/linked-controller.ts";

/** Makes a result of the events of one stream. */
export interface EventFold<Event, Result> {
  /** Takes in the next event, in the order of the stream. */
  add(event: Event): void;
  /** Undefined until the event that completes it was added. */
  result(): Result | undefined;
  /** The error of a stream that ended, or was left, before that. */
  interrupted(message: string): Error;
}

/** Events under way, and what they add up to. */
export interface ResultStream<Event, Result> extends AsyncIterable<Event> {
  /** Reads the stream itself where nobody iterates; never an unhandled rejection. */
  readonly result: Promise<Result>;
}

/** What {@link createResultStream} takes. */
export interface ResultStreamOptions<Event, Result> {
  /** The caller's signal. Once it is aborted, iteration and result reject with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Begins; called once, on first use. The signal it is given also fires when the loop is left. */
  readonly open: (signal: AbortSignal) => AsyncIterable<Event>;
  /** Made for this stream alone. */
  readonly fold: EventFold<Event, Result>;
}

/**
 * Makes a source of events into a stream with a result: opened on first use, iterated once, the result folded from the same
 * events. Leaving the loop closes the source; the result is then rejected, unless it was complete.
 */
export function createResultStream<Event, Result>(
  options: ResultStreamOptions<Event, Result>,
): ResultStream<Event, Result> {
  const reader = new EventReader(options);
  let iterated = false;
  let result: Promise<Result> | undefined;
  return {
    get result(): Promise<Result> {
      if (result === undefined) {
        result = reader.drain();
        result.catch(() => undefined); // the promise keeps its rejection for whoever awaits it; nobody has to
      }
      return result;
    },
    [Symbol.asyncIterator](): AsyncIterator<Event> {
      if (iterated) {
        throw new BinnacleError(
          "already_iterated",
          "this stream can be iterated once; its result can be awaited as often as you like",
        );
      }
      iterated = true;
      return reader.events();
    },
  };
}

/** How a stream ended: with its result, or not. */
type End<Result> = { readonly result: Result } | { readonly error: unknown };

/** Reads the source one event at a time for two readers: the caller's loop and the result. */
class EventReader<Event, Result> {
  readonly #signal: AbortSignal | undefined;
  readonly #open: ResultStreamOptions<Event, Result>["open"];
  readonly #fold: EventFold<Event, Result>;
  readonly #unread: Event[] = [];
  #linked: LinkedController | undefined;
  #source: AsyncIterator<Event> | undefined;
  #advancing: Promise<void> | undefined;
  #end: End<Result> | undefined;

  constructor({ signal, open, fold }: ResultStreamOptions<Event, Result>) {
    this.#signal = signal;
    this.#open = open;
    this.#fold = fold;
  }

  async *events(): AsyncGenerator<Event, void, undefined> {
    try {
      for (;;) {
        this.#signal?.throwIfAborted();
        const event = this.#unread.shift();
        if (event !== undefined) yield event;
        else if (this.#end === undefined) await this.#advance();
        else break;
      }
      if ("error" in this.#end) throw this.#end.error;
    } finally {
      await this.#leave();
    }
  }

  async drain(): Promise<Result> {
    while (this.#end === undefined) await this.#advance();
    if ("error" in this.#end) throw this.#end.error;
    return this.#end.result;
  }

  #advance(): Promise<void> {
    this.#advancing ??= this.#step().finally(() => (this.#advancing = undefined));
    return this.#advancing;
  }

  async #step(): Promise<void> {
    try {
      this.#signal?.throwIfAborted();
      this.#source ??= this.#start();
      const next = await this.#source.next();
      this.#signal?.throwIfAborted();
      if (next.done === true) return this.#finish();
      this.#fold.add(next.value);
      this.#unread.push(next.value);
    } catch (error) {
      await this.#stop({ error });
    }
  }

  #start(): AsyncIterator<Event> {
    this.#linked = linkedController(this.#signal);
    return this.#open(this.#linked.controller.signal)[Symbol.asyncIterator]();
  }

  #finish(): void {
    this.#linked?.unlink();
    this.#end ??= this.#soFar("the answer ended before it was finished");
  }

  async #leave(): Promise<void> {
    if (this.#end !== undefined) return;
    if (this.#signal?.aborted === true) return this.#stop({ error: this.#signal.reason });
    await this.#stop(this.#soFar("the loop over the answer was left before its end"));
  }

  #soFar(otherwise: string): End<Result> {
    const result = this.#fold.result();
    return result === undefined ? { error: this.#fold.interrupted(otherwise) } : { result };
  }

  async #stop(end: End<Result>): Promise<void> {
    this.#end ??= end;
    const reason = "error" in end ? end.error : undefined;
    this.#linked?.controller.abort(reason);
    this.#linked?.unlink();
    try {
      await this.#source?.return?.();
    } catch (thrown) {
      if (thrown !== this.#linked?.controller.signal.reason) throw thrown; // a source that is aborted may say so once more
    }
  }
}
