import { InferenceError } from "../../errors/inference-error.ts";
import type { GenerationEvent, GenerationStream } from "../../spec/generation.ts";
import { FoldedGeneration } from "./folded-generation.ts";
import { createResultStream } from "./result-stream.ts";

/** Options of {@link createGenerationStream}. */
export interface GenerationStreamOptions {
  /** The caller's signal. Once it is aborted, iteration and result reject with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Sends the request. Called once, on first use. Its signal also aborts when the loop is left. */
  readonly open: (signal: AbortSignal) => AsyncIterable<GenerationEvent | readonly GenerationEvent[]>;
}

/**
 * Creates a {@link GenerationStream} from events. It opens the source on first use, and builds the result
 * from the same events. If the source ends without `finish`, the stream throws an `InferenceError` of kind
 * `interrupted`.
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
