import type { ModelCapabilities } from "@binnacle/core";
import type { OpenAIBackendSettings } from "./openai-options.ts";

/** What the options declare: the protocol has no way to ask. */
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
