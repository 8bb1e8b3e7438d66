import type {
  CallOptions,
  GenerateRequest,
  Generation,
  GenerationEvent,
  InferenceBackend,
} from "@binnacle/core";
import { ReasoningSplitter, withoutUnopenedReasoning, type SplitPiece } from "@binnacle/core/kit";
import { checkEvent, checkStream } from "./check-events.ts";
import { FenceFilter } from "./fence-filter.ts";
import { createLoopWatch } from "./loop-watch.ts";

/** The text of a model. It ends with the first round if the model went round in circles. */
export interface ReadGeneration extends Omit<Generation, "finishReason"> {
  /** Undefined if the model was stopped because it went round in circles. */
  readonly finishReason?: Generation["finishReason"] | undefined;
}

type ShownEvent = Extract<GenerationEvent, { type: "text" | "reasoning" }>;

/**
 * Yields the text and reasoning of a generation and returns the whole. Reasoning inside the text becomes
 * reasoning, and the prompt's own marks are taken out. Reasoning without an opening tag is known only at its
 * end, so that its text has been yielded, but it is not in the whole. If the model goes round in circles, it leaves the
 * stream, which stops the model. `asked` holds the question as it was asked, and as the prompt has it.
 */
export async function* readGeneration(
  backend: InferenceBackend,
  request: GenerateRequest,
  { asked, options }: { readonly asked: readonly string[]; readonly options: CallOptions },
): AsyncGenerator<ShownEvent, ReadGeneration> {
  const generation = backend.stream(request, options);
  checkStream(generation);
  const firstRound = createLoopWatch();
  const cleaner = new TextCleaner(asked);
  let text = "";
  let model = "";
  for await (const event of generation) {
    checkEvent(event);
    if (event.type === "start") model = event.model;
    if (event.type !== "text" && event.type !== "reasoning") continue;
    for (const shown of event.type === "text" ? cleaner.add(event.text) : [event]) {
      yield shown;
      if (shown.type === "reasoning") continue;
      text += shown.text;
      const end = firstRound(shown.text);
      if (end !== undefined) return { text: withoutUnopenedReasoning(text.slice(0, end)), model };
    }
  }
  for (const shown of cleaner.end()) {
    yield shown;
    if (shown.type === "text") text += shown.text;
  }
  return { ...(await generation.result), text: withoutUnopenedReasoning(text) };
}

/** Separates reasoning from the answer, and takes the prompt's marks out of the answer. */
class TextCleaner {
  readonly #splitter: ReasoningSplitter = new ReasoningSplitter();
  readonly #filter: FenceFilter;

  constructor(asked: readonly string[]) {
    this.#filter = new FenceFilter(asked);
  }

  add(text: string): readonly ShownEvent[] {
    return this.#splitter.add(text).flatMap((piece) => this.#clean(piece));
  }

  end(): readonly ShownEvent[] {
    const pieces = this.#splitter.end().flatMap((piece) => this.#clean(piece));
    const rest = this.#filter.end();
    return rest === "" ? pieces : [...pieces, { type: "text", text: rest }];
  }

  #clean({ type, text }: SplitPiece): readonly ShownEvent[] {
    if (type === "reasoning") return [{ type, text }];
    const shown = this.#filter.add(text);
    return shown === "" ? [] : [{ type, text: shown }];
  }
}
