import type { GenerateRequest } from "../spec/generate-request.ts";
import type { ModelCapabilities } from "../spec/inference-backend.ts";

/** Name of a capability that a model may lack. */
export type Capability = Exclude<keyof ModelCapabilities, "model" | "contextTokens" | "slots">;

/** Returns the first capability that a request needs and the model is not known to have. Undefined if
 * the model has all of them. */
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

/** Tool calls in earlier messages need a template that can show them, even if no new call is possible. */
function usesTools({ tools, messages }: GenerateRequest): boolean {
  if (tools !== undefined && tools.length > 0) return true;
  return messages.some(
    (message) =>
      message.role === "tool" || (message.role === "assistant" && (message.toolCalls ?? []).length > 0),
  );
}
