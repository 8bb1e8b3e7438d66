import type { LanguageModelV4StreamPart, LanguageModelV4Usage, SharedV4Warning } from "@ai-sdk/provider";
import { InferenceError, UnsupportedError, type FinishReason, type GenerationUsage } from "@binnacle/core";
import type { GenerationItem } from "../../generation/timed-generation.ts";
import type { ServerIdentity } from "../../server/model-server.ts";
import { aiSDKError } from "./ai-sdk-error.ts";

/**
 * Turns the parts of an AI SDK stream into the events of a generation. Throws an `UnsupportedError` if the
 * provider warns that it ignores a setting of the request.
 */
export async function* readStreamParts(
  parts: AsyncIterable<LanguageModelV4StreamPart>,
  server: ServerIdentity,
  modelId: string,
): AsyncGenerator<GenerationItem, void, undefined> {
  const reader = new PartReader(server, modelId);
  for await (const part of parts) yield* reader.read(part);
}

/** Reads one stream. It remembers the model's name and the tool calls that have begun. */
class PartReader {
  readonly #server: ServerIdentity;
  #model: string;
  #hasStarted = false;
  readonly #calls = new Map<string, { readonly index: number; readonly name: string }>();

  constructor(server: ServerIdentity, modelId: string) {
    this.#server = server;
    this.#model = modelId;
  }

  *read(part: LanguageModelV4StreamPart): Generator<GenerationItem, void, undefined> {
    switch (part.type) {
      case "stream-start":
        this.#refuseIgnored(part.warnings);
        return;
      case "response-metadata":
        this.#model = part.modelId ?? this.#model;
        return;
      case "error":
        throw aiSDKError(part.error, this.#server);
      case "text-delta":
        yield* this.#started({ type: "text", text: part.delta });
        return;
      case "reasoning-delta":
        yield* this.#started({ type: "reasoning", text: part.delta });
        return;
      case "tool-input-start":
        yield* this.#started(this.#toolCall(part.id, part.toolName, ""));
        return;
      case "tool-input-delta":
        yield* this.#started(this.#toolCall(part.id, "", part.delta));
        return;
      case "tool-call":
        // The call repeats the input that came in deltas.
        if (!this.#calls.has(part.toolCallId))
          yield* this.#started(this.#toolCall(part.toolCallId, part.toolName, part.input));
        return;
      case "finish":
        yield* this.#started({ type: "usage", usage: usageOf(part.usage) });
        yield { type: "finish", reason: this.#reasonOf(part.finishReason.unified, part.finishReason.raw) };
        return;
      default:
        yield "alive";
    }
  }

  *#started(item: GenerationItem): Generator<GenerationItem, void, undefined> {
    if (!this.#hasStarted) yield { type: "start", model: this.#model, replica: this.#server.address };
    this.#hasStarted = true;
    yield item;
  }

  #toolCall(id: string, name: string, argumentsDelta: string): GenerationItem {
    const call = this.#calls.get(id) ?? { index: this.#calls.size, name };
    this.#calls.set(id, call);
    return { type: "tool-call", id, ...call, argumentsDelta };
  }

  #refuseIgnored(warnings: readonly SharedV4Warning[]): void {
    const ignored = warnings.find((warning) => warning.type === "unsupported");
    if (ignored === undefined) return;
    const details = ignored.details === undefined ? "" : ` (${ignored.details})`;
    throw new UnsupportedError(
      `${this.#server.label}: the model ignores \`${ignored.feature}\`${details}; remove it from the request`,
      { capability: ignored.feature, replica: this.#server.address },
    );
  }

  #reasonOf(reason: string, raw: string | undefined): FinishReason {
    const { label, address: replica } = this.#server;
    const why = raw === undefined ? "" : `: ${raw}`;
    if (reason === "error")
      throw new InferenceError(`${label}: the provider ended the answer with an error${why}`, {
        kind: "server",
        replica,
        retryable: true,
      });
    if (reason === "interrupted")
      throw new InferenceError(`${label}: the provider broke off the answer${why}`, {
        kind: "interrupted",
        replica,
        retryable: true,
      });
    return isFinishReason(reason) ? reason : "stop";
  }
}

function isFinishReason(reason: string): reason is FinishReason {
  return ["stop", "length", "content-filter", "tool-calls"].includes(reason);
}

function usageOf({ inputTokens, outputTokens }: LanguageModelV4Usage): GenerationUsage {
  const usage = { promptTokens: inputTokens.total ?? 0, completionTokens: outputTokens.total ?? 0 };
  return inputTokens.cacheRead === undefined ? usage : { ...usage, cachedTokens: inputTokens.cacheRead };
}
