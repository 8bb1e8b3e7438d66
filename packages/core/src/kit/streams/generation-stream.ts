import { InferenceError } from "../../errors/inference-error.ts";
import type {
  FinishReason,
  Generation,
  GenerationEvent,
  GenerationStream,
  GenerationUsage,
} from "../../spec/inference-backend.ts";
import { createResultStream, type EventFold } from "./result-stream.ts";

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
  return createResultStream({ ...options, fold: new FoldedEvents() });
}

class FoldedEvents implements EventFold<GenerationEvent, Generation> {
  #text = "";
  #reasoning = "";
  #model = "";
  #usage: GenerationUsage | undefined;
  #finish: FinishReason | undefined;

  add(event: GenerationEvent): void {
    switch (event.type) {
      case "start":
        this.#model = event.model;
        return;
      case "text":
        this.#text += event.text;
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

  result(): Generation | undefined {
    if (this.#finish === undefined) return undefined;
    return {
      text: this.#text,
      ...(this.#reasoning === "" ? {} : { reasoning: this.#reasoning }),
      finishReason: this.#finish,
      ...(this.#usage === undefined ? {} : { usage: this.#usage }),
      model: this.#model,
    };
  }

  interrupted(message: string): InferenceError {
    return new InferenceError(message, { kind: "interrupted", partial: this.#text });
  }
}
