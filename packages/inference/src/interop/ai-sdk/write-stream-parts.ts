import type { LanguageModelV4StreamPart, LanguageModelV4Usage, SharedV4Warning } from "@ai-sdk/provider";
import type { GenerationEvent, GenerationUsage } from "@binnacle/core";

/**
 * Turns the events of a generation into the parts of an AI SDK stream. A failure becomes a part of type
 * `error`, which ends the stream. Leaving the loop leaves the generation, which frees the server's slot.
 */
export async function* writeStreamParts(
  first: IteratorResult<GenerationEvent>,
  events: AsyncIterator<GenerationEvent>,
  warnings: SharedV4Warning[],
): AsyncGenerator<LanguageModelV4StreamPart, void, undefined> {
  const writer = new PartWriter();
  try {
    yield { type: "stream-start", warnings };
    for (let next = first; next.done !== true; next = await events.next()) yield* writer.write(next.value);
  } catch (error) {
    yield { type: "error", error };
  } finally {
    await events.return?.();
  }
}

interface OpenCall {
  readonly id: string;
  readonly name: string;
  input: string;
}

/** Writes one stream. Texts and reasonings are blocks with a start and an end. */
class PartWriter {
  #block: { readonly type: "text" | "reasoning"; readonly id: string } | undefined;
  #blocks = 0;
  readonly #calls = new Map<number, OpenCall>();
  #usage: GenerationUsage | undefined;

  *write(event: GenerationEvent): Generator<LanguageModelV4StreamPart, void, undefined> {
    switch (event.type) {
      case "start":
        yield { type: "response-metadata", modelId: event.model };
        return;
      case "text":
      case "reasoning":
        yield* this.#writeText(event.type, event.text);
        return;
      case "tool-call":
        yield* this.#writeCall(event);
        return;
      case "usage":
        this.#usage = event.usage;
        return;
      case "finish":
        yield* this.#endBlock();
        yield* this.#endCalls();
        yield {
          type: "finish",
          finishReason: { unified: event.reason, raw: event.reason },
          usage: usageParts(this.#usage),
        };
        return;
      default:
        event satisfies never;
    }
  }

  *#writeText(type: "text" | "reasoning", delta: string): Generator<LanguageModelV4StreamPart> {
    if (delta === "") return; // it only carries log-probabilities
    if (this.#block?.type !== type) {
      yield* this.#endBlock();
      this.#block = { type, id: String(this.#blocks++) };
      yield { type: `${type}-start`, id: this.#block.id };
    }
    yield { type: `${type}-delta`, id: this.#block.id, delta };
  }

  *#endBlock(): Generator<LanguageModelV4StreamPart> {
    if (this.#block === undefined) return;
    yield { type: `${this.#block.type}-end`, id: this.#block.id };
    this.#block = undefined;
  }

  *#writeCall({ index, id, name, argumentsDelta: delta }: Extract<GenerationEvent, { type: "tool-call" }>) {
    yield* this.#endBlock();
    const call = this.#calls.get(index) ?? { id, name, input: "" };
    if (!this.#calls.has(index)) yield { type: "tool-input-start" as const, id, toolName: name };
    this.#calls.set(index, call);
    call.input += delta;
    if (delta !== "") yield { type: "tool-input-delta" as const, id, delta };
  }

  *#endCalls(): Generator<LanguageModelV4StreamPart> {
    for (const { id, name, input } of this.#calls.values()) {
      yield { type: "tool-input-end", id };
      yield { type: "tool-call", toolCallId: id, toolName: name, input };
    }
  }
}

/** Translates token counts. Unknown counts stay undefined. */
export function usageParts(usage: GenerationUsage | undefined): LanguageModelV4Usage {
  const { promptTokens, completionTokens, cachedTokens } = usage ?? {};
  const noCache =
    promptTokens === undefined || cachedTokens === undefined ? undefined : promptTokens - cachedTokens;
  return {
    inputTokens: { total: promptTokens, noCache, cacheRead: cachedTokens, cacheWrite: undefined },
    outputTokens: { total: completionTokens, text: undefined, reasoning: undefined },
  };
}
