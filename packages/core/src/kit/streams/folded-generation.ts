import type { PartialGeneration } from "../../errors/partial-generation.ts";
import type { ToolCall } from "../../spec/generate-request.ts";
import type {
  FinishReason,
  Generation,
  GenerationEvent,
  GenerationUsage,
  TokenLogprob,
} from "../../spec/generation.ts";

/** Combines the events of one generation. Skips events of unknown types. */
export class FoldedGeneration {
  #text = "";
  #reasoning = "";
  #model = "";
  #replica: string | undefined;
  #cachedForMs: number | undefined;
  readonly #toolCalls = new Map<number, ToolCall>();
  readonly #logprobs: TokenLogprob[] = [];
  #usage: GenerationUsage | undefined;
  #finish: FinishReason | undefined;

  /** Address of the server that answers, if the stream has sent it. */
  get replica(): string | undefined {
    return this.#replica;
  }

  /** Adds the next event, in the order of the stream. */
  add(event: GenerationEvent): void {
    switch (event.type) {
      case "start":
        this.#model = event.model;
        this.#replica = event.replica;
        this.#cachedForMs = event.cachedForMs;
        return;
      case "text":
        this.#text += event.text;
        if (event.logprobs !== undefined) this.#logprobs.push(...event.logprobs);
        return;
      case "reasoning":
        this.#reasoning += event.text;
        return;
      case "tool-call":
        this.#addToolCall(event);
        return;
      case "usage":
        this.#usage = event.usage;
        return;
      case "finish":
        this.#finish = event.reason;
        return;
      default:
        event satisfies never; // newer drivers may send more types, which have no effect here
    }
  }

  /** Returns the whole generation, or undefined before its `finish`. */
  result(): Generation | undefined {
    if (this.#finish === undefined) return undefined;
    return {
      ...this.partial(),
      ...(this.#logprobs.length === 0 ? {} : { logprobs: this.#logprobs }),
      finishReason: this.#finish,
      ...(this.#usage === undefined ? {} : { usage: this.#usage }),
      model: this.#model,
      ...(this.#replica === undefined ? {} : { replica: this.#replica }),
      ...(this.#cachedForMs === undefined ? {} : { cachedForMs: this.#cachedForMs }),
    };
  }

  /** Returns the part of the generation that has arrived so far. */
  partial(): PartialGeneration {
    return {
      text: this.#text,
      ...(this.#reasoning === "" ? {} : { reasoning: this.#reasoning }),
      ...(this.#toolCalls.size === 0 ? {} : { toolCalls: [...this.#toolCalls.values()] }),
    };
  }

  #addToolCall({ index, id, name, argumentsDelta }: Extract<GenerationEvent, { type: "tool-call" }>): void {
    const before = this.#toolCalls.get(index)?.arguments ?? "";
    this.#toolCalls.set(index, { id, name, arguments: before + argumentsDelta });
  }
}
