import type { ModelCapabilities } from "@binnacle/core";
import type { OpenAIBackendSettings } from "./openai-options.ts";

/** Returns the capabilities that the options declare, for one model. */
export function declaredCapabilities(
  settings: OpenAIBackendSettings,
  model: string | undefined,
): ModelCapabilities {
  const { vision, jsonSchema, contextTokens, slots, tools, grammars, logprobs, adapters } = settings;
  return {
    model: model ?? settings.model,
    vision,
    jsonSchema,
    contextTokens,
    slots,
    countsTokens: false,
    tools,
    namedToolChoice: settings.namedToolChoice ?? tools,
    grammars,
    logprobs,
    adapters,
  };
}
