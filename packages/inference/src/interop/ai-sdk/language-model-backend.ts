import type { LanguageModelV4 } from "@ai-sdk/provider";
import { UnsupportedError, type GenerateRequest, type InferenceBackend } from "@binnacle/core";
import type { Capability } from "@binnacle/core/kit";
import { createChatBackend, type ChatDialect } from "../../generation/create-chat-backend.ts";
import type { AttemptOptions, GenerationItem } from "../../generation/timed-generation.ts";
import type { ServerIdentity } from "../../server/model-server.ts";
import { aiSDKError } from "./ai-sdk-error.ts";
import {
  label,
  parseBackendOptions,
  type AISDKBackendOptions,
  type AISDKBackendSettings,
} from "./ai-sdk-options.ts";
import { callOptions } from "./call-options.ts";
import { readStreamParts } from "./read-stream-parts.ts";

/** Creates a backend from an AI SDK language model. */
export function languageModelBackend(model: LanguageModelV4, options: AISDKBackendOptions): InferenceBackend {
  const settings = parseBackendOptions(model, options);
  const address = `${model.provider}/${model.modelId}`;
  const server = { label: `${label} ${address}`, address, maxAttempts: settings.maxAttempts };
  return createChatBackend({
    server: { ...server, close: () => Promise.resolve() },
    timeouts: settings,
    dialect: dialectOf(model, settings, server),
  });
}

function dialectOf(
  model: LanguageModelV4,
  { vision, jsonSchema, tools, namedToolChoice = tools, contextTokens }: AISDKBackendSettings,
  server: ServerIdentity,
): ChatDialect {
  const { modelId } = model;
  return {
    ask: async (name) => {
      if (name !== undefined) refuseOther(name, modelId, server);
      return {
        model: modelId,
        vision,
        jsonSchema,
        countsTokens: false,
        tools,
        namedToolChoice,
        contextTokens,
      };
    },
    open: (request, options) => {
      if (request.model !== undefined) refuseOther(request.model, modelId, server);
      return openStream(model, request, options, server);
    },
    askHealth: async (options) => {
      const request: GenerateRequest = { messages: [{ role: "user", content: "Hi" }], maxTokens: 1 };
      const deadline = AbortSignal.timeout(Math.max(0, (options.deadlineAt ?? Infinity) - Date.now()));
      const signal = AbortSignal.any([deadline, ...(options.signal === undefined ? [] : [options.signal])]);
      try {
        await model.doGenerate(callOptions(request, { ...options, signal }));
        return undefined;
      } catch (error) {
        throw aiSDKError(error, server);
      }
    },
    wayOut: (capability) => waysOut[capability],
  };
}

async function* openStream(
  model: LanguageModelV4,
  request: GenerateRequest,
  options: AttemptOptions,
  server: ServerIdentity,
): AsyncGenerator<GenerationItem, void, undefined> {
  try {
    const { stream } = await model.doStream(callOptions(request, options));
    yield* readStreamParts(stream, server, model.modelId);
  } catch (error) {
    options.signal.throwIfAborted(); // the SDK's own words for an abort say less than its reason
    throw aiSDKError(error, server);
  }
}

function refuseOther(name: string, modelId: string, { label: who, address }: ServerIdentity): void {
  if (name === modelId) return;
  throw new UnsupportedError(
    `${who}: this object asks only "${modelId}", got model "${name}"; create a second object with fromAISDK`,
    { capability: "model", replica: address },
  );
}

const undeclared = (option: string, what: string): string =>
  `${what} is not declared for this model; set ${option} if the model supports it`;

const waysOut: Readonly<Record<Capability, string>> = {
  vision: undeclared("vision: true", "image input"),
  jsonSchema: "the options declare jsonSchema: false; remove it if the provider follows a JSON Schema",
  countsTokens: "the AI SDK cannot count tokens; use a tokenizer of the model",
  tools: "the options declare tools: false; remove it if the model takes tools",
  namedToolChoice: undeclared("namedToolChoice: true", "the choice of a tool by name"),
  grammars: "the AI SDK has no grammars; use jsonSchema, or a driver of the server",
  logprobs: "the AI SDK has no log-probabilities; use a driver of the server",
  adapters: "the AI SDK has no adapters; create the provider's model of that name",
};
