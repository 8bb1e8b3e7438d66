import type { GenerateRequest } from "../spec/generate-request.ts";
import type { ModelCapabilities } from "../spec/inference-backend.ts";

/** Something that a model can do or not. */
export type Capability = Exclude<keyof ModelCapabilities, "model" | "contextTokens" | "slots">;

/** The first ability that a request needs and the model is not known to have; undefined if it has them all. */
export function missingCapability(
  request: GenerateRequest,
  capabilities: ModelCapabilities,
): Capability | undefined {
  const { grammar, toolChoice } = request;
  const needs: readonly (readonly [Capability, isNeeded: boolean, isThere: boolean | undefined])[] = [
    ["vision", hasImage(request), capabilities.vision],
    ["jsonSchema", request.jsonSchema !== undefined, capabilities.jsonSchema],
    [
      "grammars",
      grammar !== undefined,
      grammar !== undefined && capabilities.grammars?.includes(grammar.syntax) === true,
    ],
    ["tools", usesTools(request), capabilities.tools],
    ["namedToolChoice", typeof toolChoice === "object", capabilities.namedToolChoice],
    ["logprobs", request.logprobs !== undefined, capabilities.logprobs],
    ["adapters", request.adapter !== undefined, capabilities.adapters],
  ];
  return needs.find(([, isNeeded, isThere]) => isNeeded && isThere !== true)?.[0];
}

function hasImage({ messages }: GenerateRequest): boolean {
  return messages.some(
    ({ content }) => typeof content !== "string" && content.some(({ type }) => type === "image"),
  );
}

/** Earlier calls and their results need a template that can show them, also if no new call is possible. */
function usesTools({ tools, messages }: GenerateRequest): boolean {
  if (tools !== undefined && tools.length > 0) return true;
  return messages.some(
    (message) =>
      message.role === "tool" || (message.role === "assistant" && (message.toolCalls ?? []).length > 0),
  );
}
