import type {
  CallOptions,
  GenerateRequest,
  Generation,
  GenerationEvent,
  InferenceBackend,
} from "@binnacle/core";
import { checkEvent, checkStream } from "./check-events.ts";
import { createLoopWatch } from "./loop-watch.ts";

/** The text of a model. It ends with the first round if the model went round in circles. */
export interface ReadGeneration extends Omit<Generation, "finishReason"> {
  /** Undefined if the model was stopped because it went round in circles. */
  readonly finishReason?: Generation["finishReason"] | undefined;
}

/**
 * Yields the text and reasoning of a generation and returns the whole. If the model goes round in circles, it
 * leaves the stream, which stops the model.
 */
export async function* readGeneration(
  backend: InferenceBackend,
  request: GenerateRequest,
  options: CallOptions,
): AsyncGenerator<Extract<GenerationEvent, { type: "text" | "reasoning" }>, ReadGeneration> {
  const generation = backend.stream(request, options);
  checkStream(generation);
  const firstRound = createLoopWatch();
  let text = "";
  let model = "";
  for await (const event of generation) {
    checkEvent(event);
    if (event.type === "start") model = event.model;
    if (event.type !== "text" && event.type !== "reasoning") continue;
    yield event;
    if (event.type === "reasoning") continue;
    text += event.text;
    const end = firstRound(event.text);
    if (end !== undefined) return { text: text.slice(0, end), model };
  }
  return await generation.result;
}
