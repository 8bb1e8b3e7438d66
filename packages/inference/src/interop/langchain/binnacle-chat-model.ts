import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import type { BaseLanguageModelInput } from "@langchain/core/language_models/base";
import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BindToolsInput,
} from "@langchain/core/language_models/chat_models";
import { AIMessage, AIMessageChunk, type BaseMessage, type UsageMetadata } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import type { Runnable } from "@langchain/core/runnables";
import { convertToOpenAITool } from "@langchain/core/utils/function_calling";
import type {
  GenerateRequest,
  GenerationEvent,
  GenerationUsage,
  InferenceBackend,
  JsonSchema,
} from "@binnacle/core";
import { messagesOf } from "./messages-of.ts";
import { toolChoiceOf, toolsOf } from "./tools-of.ts";

/** Options of a call, for `invoke`, `stream` and `withConfig`. `stop`, `signal` and `tool_choice` also apply. */
export interface BinnacleCallOptions extends BaseChatModelCallOptions {
  /** Tools in OpenAI's form, as `bindTools` sets them. */
  tools?: readonly unknown[];
  maxTokens?: number;
  temperature?: number;
  topP?: number;
  seed?: number;
  /** JSON Schema that the answer must satisfy. */
  jsonSchema?: JsonSchema;
}

/** A backend as a chat model of LangChain. Streams deliver each event as it comes. */
export class BinnacleChatModel extends BaseChatModel<BinnacleCallOptions> {
  readonly #backend: InferenceBackend;

  constructor(backend: InferenceBackend) {
    super({ maxRetries: 0 });
    this.#backend = backend;
  }

  /** The kind of model, for LangChain's traces. */
  _llmType(): string {
    return "binnacle";
  }

  override bindTools(
    tools: BindToolsInput[],
    options: Partial<BinnacleCallOptions> = {},
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, BinnacleCallOptions> {
    return this.withConfig({ ...options, tools: tools.map((tool) => convertToOpenAITool(tool)) });
  }

  /** Generates an answer. LangChain calls it from `invoke`. */
  async _generate(messages: BaseMessage[], options: this["ParsedCallOptions"]): Promise<ChatResult> {
    const generation = await this.#backend.generate(requestOf(messages, options), { signal: options.signal });
    const { text, reasoning, toolCalls = [], usage, finishReason, model } = generation;
    const message = new AIMessage({
      content: text,
      tool_calls: toolCalls.map(({ id, name, arguments: args }) => ({ id, name, args: argumentsOf(args) })),
      additional_kwargs: reasoning === undefined ? {} : { reasoning_content: reasoning },
      response_metadata: { finish_reason: finishReason, model_name: model },
    });
    if (usage !== undefined) Object.assign(message, { usage_metadata: usageOf(usage) });
    return { generations: [{ text, message }] };
  }

  /** Streams an answer. LangChain calls it from `stream`. */
  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const request = requestOf(messages, options);
    const begun = new Set<number>();
    for await (const event of this.#backend.stream(request, { signal: options.signal })) {
      const message = chunkOf(event, begun);
      if (message === undefined) continue;
      const text = event.type === "text" ? event.text : "";
      const chunk = new ChatGenerationChunk({ text, message });
      yield chunk;
      await runManager?.handleLLMNewToken(text, undefined, undefined, undefined, undefined, { chunk });
    }
  }
}

function requestOf(messages: readonly BaseMessage[], options: Partial<BinnacleCallOptions>): GenerateRequest {
  const { maxTokens, temperature, topP, seed, stop, jsonSchema, tools, tool_choice } = options;
  return {
    messages: messagesOf(messages),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(seed === undefined ? {} : { seed }),
    ...(stop === undefined || stop.length === 0 ? {} : { stop }),
    ...(jsonSchema === undefined ? {} : { jsonSchema }),
    ...(tools === undefined || tools.length === 0
      ? {}
      : {
          tools: toolsOf(tools),
          ...(tool_choice === undefined ? {} : { toolChoice: toolChoiceOf(tool_choice) }),
        }),
  };
}

/** Returns the message of an event. `begun` holds the tool calls that had an event before. */
function chunkOf(event: GenerationEvent, begun: Set<number>): AIMessageChunk | undefined {
  switch (event.type) {
    case "text":
      return new AIMessageChunk({ content: event.text });
    case "reasoning":
      return new AIMessageChunk({ content: "", additional_kwargs: { reasoning_content: event.text } });
    case "tool-call": {
      const { index, id, name, argumentsDelta: args } = event;
      // LangChain joins the ids and names of a call's pieces, so only the first piece may hold them.
      const piece = begun.has(index) ? { index, args } : { index, args, id, name };
      begun.add(index);
      return new AIMessageChunk({ content: "", tool_call_chunks: [piece] });
    }
    case "usage":
      return Object.assign(new AIMessageChunk(""), { usage_metadata: usageOf(event.usage) });
    case "finish":
      return new AIMessageChunk({ content: "", response_metadata: { finish_reason: event.reason } });
    default:
      return undefined;
  }
}

function usageOf({ promptTokens, completionTokens, cachedTokens }: GenerationUsage): UsageMetadata {
  const counts = {
    input_tokens: promptTokens,
    output_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
  return cachedTokens === undefined
    ? counts
    : { ...counts, input_token_details: { cache_read: cachedTokens } };
}

function argumentsOf(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text === "" ? "{}" : text);
  return typeof value === "object" && value !== null ? { ...value } : { value };
}
