import { InferenceError } from "../../errors/inference-error.ts";
import type { GenerationEvent, GenerationStream } from "../../spec/generation.ts";
import { FoldedGeneration } from "./folded-generation.ts";
import { createResultStream } from "./result-stream.ts";

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
  const folded = new FoldedGeneration();
  return createResultStream({
    ...options,
    fold: {
      add: (event) => folded.add(event),
      result: () => folded.result(),
      interrupted: (message) =>
        new InferenceError(message, {
          kind: "interrupted",
          partial: folded.partial(),
          replica: folded.replica,
        }),
    },
  });
}
