import { BinnacleError } from "../../errors/binnacle-error.ts";
import { elementAt } from "../element-at.ts";
import { linkedController, type LinkedController } from "../time/linked-controller.ts";

/** Builds a result from the events of one stream. */
export interface EventFold<Event, Result> {
  /** Adds the next event, in the order of the stream. */
  add(event: Event): void;
  /** Returns the result, or undefined until it is complete. */
  result(): Result | undefined;
  /** Returns the error of a stream that ended or was left before its result was complete. */
  interrupted(message: string): Error;
}

/** A stream of events with a result. */
export interface ResultStream<Event, Result> extends AsyncIterable<Event> {
  /** The complete result. Reads the stream by itself if no loop does. Never causes an unhandled rejection. */
  readonly result: Promise<Result>;
}

/** Options of {@link createResultStream}. */
export interface ResultStreamOptions<Event, Result> {
  /** The caller's signal. Once it is aborted, iteration and result reject with its reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Opens the source. Called once, on first use. Its signal also aborts when the loop is left. The source may
   * yield several events together, which costs less.
   */
  readonly open: (signal: AbortSignal) => AsyncIterable<Event | readonly Event[]>;
  /** Builds the result of this stream. Do not share it between streams. */
  readonly fold: EventFold<Event, Result>;
}

/**
 * Creates a stream with a result from a source of events. It opens the source on first use, and can be
 * iterated once. Leaving the loop closes the source and rejects the result, unless the result is complete.
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
        result.catch(() => undefined); // nobody has to await the result
      }
      return result;
    },
    [Symbol.asyncIterator](): AsyncIterator<Event> {
      if (iterated) {
        throw new BinnacleError(
          "already_iterated",
          "This stream can be iterated only once. Await its `result`, or start a new stream.",
        );
      }
      iterated = true;
      return reader.events();
    },
  };
}

/** The end of a stream: its result, or an error. */
type End<Result> = { readonly result: Result } | { readonly error: unknown };

/** Reads the source event by event for two readers: the caller's loop and the result. */
class EventReader<Event, Result> {
  readonly #signal: AbortSignal | undefined;
  readonly #open: ResultStreamOptions<Event, Result>["open"];
  readonly #fold: EventFold<Event, Result>;
  // The events that arrived last. The loop has seen those before `#seen`, and the fold those before `#folded`.
  #arrived: Event[] = [];
  #seen = 0;
  #folded = 0;
  #isLeft = false;
  #linked: LinkedController | undefined;
  #source: AsyncIterator<Event | readonly Event[]> | undefined;
  #advancing: Promise<void> | undefined;
  #end: End<Result> | undefined;

  constructor({ signal, open, fold }: ResultStreamOptions<Event, Result>) {
    this.#signal = signal;
    this.#open = open;
    this.#fold = fold;
  }

  /** Iterates without a generator, because a stream has an event for each token. */
  events(): AsyncIterator<Event, void, undefined> {
    return {
      next: () => {
        const isReady = this.#seen < this.#arrived.length && !this.#isLeft && this.#signal?.aborted !== true;
        return isReady ? Promise.resolve({ done: false, value: this.#take() }) : this.#next();
      },
      return: async () => {
        this.#isLeft = true;
        await this.#leave();
        return { done: true, value: undefined };
      },
    };
  }

  async #next(): Promise<IteratorResult<Event, void>> {
    try {
      while (!this.#isLeft) {
        this.#signal?.throwIfAborted();
        if (this.#seen < this.#arrived.length) return { done: false, value: this.#take() };
        if (this.#end !== undefined) break;
        await this.#advance();
      }
      if (!this.#isLeft && this.#end !== undefined && "error" in this.#end) throw this.#end.error;
      this.#isLeft = true;
      return { done: true, value: undefined };
    } catch (error) {
      this.#isLeft = true;
      await this.#leave();
      throw error;
    }
  }

  async drain(): Promise<Result> {
    while (this.#end === undefined) {
      await this.#advance();
      this.#foldUntil(this.#arrived.length);
    }
    if ("error" in this.#end) throw this.#end.error;
    return this.#end.result;
  }

  /** Returns the next event for the loop. */
  #take(): Event {
    const event = elementAt(this.#arrived, this.#seen);
    this.#seen += 1;
    this.#foldUntil(this.#seen);
    return event;
  }

  /** Adds the events before this position to the result, each once. */
  #foldUntil(end: number): void {
    for (; this.#folded < end; this.#folded++) this.#fold.add(elementAt(this.#arrived, this.#folded));
  }

  /** Keeps further events. Those that the loop has not seen stay, because it may begin later. */
  #arrive(events: readonly Event[]): void {
    if (this.#seen < this.#arrived.length) return void this.#arrived.push(...events);
    this.#arrived = [...events];
    this.#seen = 0;
    this.#folded = 0;
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
      this.#arrive(isList(next.value) ? next.value : [next.value]);
    } catch (error) {
      await this.#stop({ error });
    }
  }

  #start(): AsyncIterator<Event | readonly Event[]> {
    this.#linked = linkedController(this.#signal);
    return this.#open(this.#linked.controller.signal)[Symbol.asyncIterator]();
  }

  #finish(): void {
    this.#linked?.unlink();
    this.#end ??= this.#soFar("The response ended before it was complete.");
  }

  async #leave(): Promise<void> {
    if (this.#end !== undefined) return;
    if (this.#signal?.aborted === true) return this.#stop({ error: this.#signal.reason });
    await this.#stop(this.#soFar("The loop over the response was left before its end."));
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
      // An aborted source may throw the abort's reason again.
      if (thrown !== this.#linked?.controller.signal.reason) throw thrown;
    }
  }
}

function isList<Event>(value: Event | readonly Event[]): value is readonly Event[] {
  return Array.isArray(value);
}
