import {
  InferenceError,
  type GenerateRequest,
  type GenerationEvent,
  type GenerationUsage,
  type InferenceBackend,
  type PartialGeneration,
} from "@binnacle/core";
import { abortable } from "@binnacle/core/kit";
import type { Lane } from "../replicas/lane.ts";
import type { AttemptOptions } from "./pool-call.ts";

/** Options of {@link OpenGeneration.open}. */
export interface OpenOptions {
  readonly request: GenerateRequest;
  /** Aborts when the attempt loses against another attempt, until the first token. */
  readonly attempt: AttemptOptions;
  /** Aborts when the caller leaves. */
  readonly callSignal: AbortSignal;
}

/** A generation on one replica whose first token has arrived. It holds its lane until its end. */
export class OpenGeneration {
  readonly lane: Lane<InferenceBackend>;
  readonly #callSignal: AbortSignal;
  readonly #source: AsyncIterator<GenerationEvent>;
  readonly #held: readonly GenerationEvent[];
  #usage: GenerationUsage | undefined;
  #isFinished = false;

  private constructor(
    lane: Lane<InferenceBackend>,
    callSignal: AbortSignal,
    source: AsyncIterator<GenerationEvent>,
    held: readonly GenerationEvent[],
  ) {
    this.lane = lane;
    this.#callSignal = callSignal;
    this.#source = source;
    this.#held = held;
  }

  /** Sends the request and reads up to the first token. */
  static async open(lane: Lane<InferenceBackend>, options: OpenOptions): Promise<OpenGeneration> {
    const { request, attempt, callSignal } = options;
    // Once this attempt has won, its own signal no longer follows the caller's.
    const signal = AbortSignal.any([attempt.signal, callSignal]);
    const source = lane.driver.stream(request, { ...attempt, signal })[Symbol.asyncIterator]();
    const held: GenerationEvent[] = [];
    for (;;) {
      const next = await source.next();
      if (attempt.signal.aborted) void source.return?.(); // another attempt was faster
      attempt.signal.throwIfAborted();
      if (next.done === true) break;
      held.push(named(next.value, lane.name));
      if (!isToken(next.value)) continue;
      lane.measure();
      break;
    }
    return new OpenGeneration(lane, callSignal, source, held);
  }

  /** Yields all events. Ends the lane on every path. A failure is the caller's to record. */
  async *events(): AsyncGenerator<GenerationEvent, void, undefined> {
    const signal = this.#callSignal;
    try {
      for (const event of this.#held) yield this.#seen(event);
      for (;;) {
        // A driver that does not react to the abort must keep neither the caller nor the slot.
        const next = await abortable(this.#source.next(), signal);
        if (next.done === true) break;
        yield this.#seen(named(next.value, this.lane.name));
      }
      if (this.#isFinished) this.lane.succeed(this.#usage);
      else this.lane.fail(cutError(this.lane.name));
    } catch (error) {
      if (!signal.aborted) this.lane.fail(error);
      throw error;
    } finally {
      this.lane.leave();
      await this.#close();
    }
  }

  async #close(): Promise<void> {
    const closed = this.#source.return?.();
    if (!this.#callSignal.aborted) await closed;
    else closed?.catch(() => undefined); // the caller gets the abort's reason
  }

  #seen(event: GenerationEvent): GenerationEvent {
    if (event.type === "usage") this.#usage = event.usage;
    if (event.type === "finish") this.#isFinished = true;
    return event;
  }
}

function isToken({ type }: GenerationEvent): boolean {
  return type !== "start" && type !== "usage";
}

function named(event: GenerationEvent, replica: string): GenerationEvent {
  return event.type === "start" ? { ...event, replica: event.replica ?? replica } : event;
}

/** Returns the error of an answer without its end. */
export function cutError(replica: string, partial?: PartialGeneration): InferenceError {
  const message = `${replica}: the response ended before it was complete.`;
  return new InferenceError(message, { kind: "interrupted", retryable: true, partial, replica });
}
