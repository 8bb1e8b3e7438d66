import { BinnacleError } from "../../errors/binnacle-error.ts";
import { InferenceError } from "../../errors/inference-error.ts";
import type {
  FinishReason,
  Generation,
  GenerationEvent,
  GenerationStream,
  GenerationUsage,
} from "../../spec/inference-backend.ts";
import { linkedController, type LinkedController } from "../time/linked-controller.ts";

/** What {@link createGenerationStream} takes. */
export interface GenerationStreamOptions {
  /** The caller's signal. Once it is aborted, iteration and result reject with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Sends the request; called once, on first use. The signal it is given also fires when the loop is left. */
  readonly open: (signal: AbortSignal) => AsyncIterable<GenerationEvent>;
}

/**
 * Makes a stream of events into a {@link GenerationStream}: opened on first use, iterated once, its result folded from
 * the same events. A source that ends without `finish` is an `InferenceError` of kind `interrupted`.
 */
export function createGenerationStream(options: GenerationStreamOptions): GenerationStream {
  const reader = new EventReader(options);
  let iterated = false;
  let result: Promise<Generation> | undefined;
  return {
    get result(): Promise<Generation> {
      if (result === undefined) {
        result = reader.drain();
        result.catch(() => undefined); // the promise keeps its rejection for whoever awaits it; nobody has to
      }
      return result;
    },
    [Symbol.asyncIterator](): AsyncIterator<GenerationEvent> {
      if (iterated) {
        throw new BinnacleError(
          "already_iterated",
          "a generation stream can be iterated once; keep what you need of it",
        );
      }
      iterated = true;
      return reader.events();
    },
  };
}

/** Reads the source one event at a time for two readers: the caller's loop and the result. */
class EventReader {
  readonly #signal: AbortSignal | undefined;
  readonly #open: GenerationStreamOptions["open"];
  readonly #unread: GenerationEvent[] = [];
  readonly #folded = new FoldedEvents();
  #linked: LinkedController | undefined;
  #source: AsyncIterator<GenerationEvent> | undefined;
  #advancing: Promise<void> | undefined;
  #end: { readonly error?: unknown } | undefined;

  constructor({ signal, open }: GenerationStreamOptions) {
    this.#signal = signal;
    this.#open = open;
  }

  async *events(): AsyncGenerator<GenerationEvent, void, undefined> {
    try {
      for (;;) {
        this.#signal?.throwIfAborted();
        const event = this.#unread.shift();
        if (event !== undefined) yield event;
        else if (this.#end === undefined) await this.#advance();
        else break;
      }
      if (this.#end !== undefined && "error" in this.#end) throw this.#end.error;
    } finally {
      await this.#leave();
    }
  }

  async drain(): Promise<Generation> {
    while (this.#end === undefined) await this.#advance();
    if ("error" in this.#end) throw this.#end.error;
    return this.#folded.generation();
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
      this.#folded.add(next.value);
      this.#unread.push(next.value);
    } catch (error) {
      await this.#stop(error);
    }
  }

  #start(): AsyncIterator<GenerationEvent> {
    this.#linked = linkedController(this.#signal);
    return this.#open(this.#linked.controller.signal)[Symbol.asyncIterator]();
  }

  #finish(): void {
    this.#linked?.unlink();
    if (this.#folded.finished) this.#end ??= {};
    else this.#end ??= { error: this.#interrupted("the answer ended before it was finished") };
  }

  async #leave(): Promise<void> {
    if (this.#end !== undefined) return;
    if (this.#signal?.aborted === true) return this.#stop(this.#signal.reason);
    await this.#stop(this.#interrupted("the loop over the answer was left before its end"));
  }

  async #stop(error: unknown): Promise<void> {
    this.#end ??= { error };
    this.#linked?.controller.abort(error);
    this.#linked?.unlink();
    try {
      await this.#source?.return?.();
    } catch (thrown) {
      if (thrown !== error) throw thrown; // a source that is aborted may say so once more
    }
  }

  #interrupted(message: string): InferenceError {
    return new InferenceError(message, { kind: "interrupted", partial: this.#folded.text });
  }
}

class FoldedEvents {
  text = "";
  #reasoning = "";
  #model = "";
  #usage: GenerationUsage | undefined;
  #finish: FinishReason | undefined;

  get finished(): boolean {
    return this.#finish !== undefined;
  }

  add(event: GenerationEvent): void {
    switch (event.type) {
      case "start":
        this.#model = event.model;
        return;
      case "text":
        this.text += event.text;
        return;
      case "reasoning":
        this.#reasoning += event.text;
        return;
      case "usage":
        this.#usage = event.usage;
        return;
      case "finish":
        this.#finish = event.reason;
        return;
      default:
        event satisfies never;
    }
  }

  generation(): Generation {
    return {
      text: this.text,
      ...(this.#reasoning === "" ? {} : { reasoning: this.#reasoning }),
      finishReason: this.#finish ?? "stop",
      ...(this.#usage === undefined ? {} : { usage: this.#usage }),
      model: this.#model,
    };
  }
}
