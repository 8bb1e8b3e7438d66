import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4Content,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamResult,
} from "@ai-sdk/provider";
import type { InferenceBackend, InferenceCallOptions } from "@binnacle/core";
import { callHeadersOf } from "./call-headers-of.ts";
import { generateRequestOf } from "./generate-request-of.ts";
import { usageParts, writeStreamParts } from "./write-stream-parts.ts";

/** Options of `toAISDK` for a backend. */
export interface LanguageModelOptions {
  /** Name of the model in the AI SDK. @default "model" */
  readonly modelId?: string | undefined;
}

/** A backend as a language model of the AI SDK. */
export class BinnacleLanguageModel implements LanguageModelV4 {
  readonly specificationVersion = "v4";
  readonly provider = "binnacle";
  readonly modelId: string;
  /** Empty, so that the AI SDK fetches files itself and passes their bytes. */
  readonly supportedUrls: Record<string, RegExp[]> = {};
  readonly #backend: InferenceBackend;

  constructor(backend: InferenceBackend, { modelId = "model" }: LanguageModelOptions) {
    this.#backend = backend;
    this.modelId = modelId;
  }

  async doGenerate(options: LanguageModelV4CallOptions): Promise<LanguageModelV4GenerateResult> {
    const { request, warnings } = generateRequestOf(options);
    const generation = await this.#backend.generate(request, callOf(options));
    const { text, reasoning, toolCalls = [], finishReason, usage, model } = generation;
    const content: LanguageModelV4Content[] = [
      ...(reasoning === undefined ? [] : [{ type: "reasoning" as const, text: reasoning }]),
      ...(text === "" ? [] : [{ type: "text" as const, text }]),
      ...toolCalls.map(({ id, name, arguments: input }) => ({
        type: "tool-call" as const,
        toolCallId: id,
        toolName: name,
        input,
      })),
    ];
    return {
      content,
      finishReason: { unified: finishReason, raw: finishReason },
      usage: usageParts(usage),
      response: { modelId: model },
      warnings,
    };
  }

  /** Resolves when the first event has come, so that an early failure rejects as a promise. */
  async doStream(options: LanguageModelV4CallOptions): Promise<LanguageModelV4StreamResult> {
    const { request, warnings } = generateRequestOf(options);
    const events = this.#backend.stream(request, callOf(options))[Symbol.asyncIterator]();
    const first = await events.next();
    return { stream: ReadableStream.from(writeStreamParts(first, events, warnings)) };
  }
}

function callOf({ abortSignal, headers }: LanguageModelV4CallOptions): InferenceCallOptions {
  return { signal: abortSignal, ...callHeadersOf(headers) };
}
