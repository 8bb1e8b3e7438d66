import { InferenceError, type FinishReason } from "@binnacle/core";
import type { ServerIdentity } from "../server/model-server.ts";

// OpenAI's words, and those of text-generation-inference, Anthropic, Mistral, Gemini, DeepSeek and vLLM.
const reasons: ReadonlyMap<string, FinishReason | "interrupted"> = new Map<
  string,
  FinishReason | "interrupted"
>([
  ["length", "length"],
  ["max_tokens", "length"],
  ["model_length", "length"],
  ["content_filter", "content-filter"],
  ["safety", "content-filter"],
  ["refusal", "content-filter"],
  ["tool_calls", "tool-calls"],
  ["tool_use", "tool-calls"],
  ["function_call", "tool-calls"],
  ["abort", "interrupted"],
  ["aborted", "interrupted"],
  ["cancelled", "interrupted"],
  ["canceled", "interrupted"],
  ["error", "interrupted"],
  ["insufficient_system_resource", "interrupted"],
]);

/**
 * Converts a server's finish reason. An unknown reason counts as `stop`. Throws an `InferenceError` of kind
 * `interrupted` if the server cancelled the answer.
 */
export function finishReasonOf({ label, address }: ServerIdentity, reason: string): FinishReason {
  const known = reasons.get(reason.toLowerCase()) ?? "stop";
  if (known !== "interrupted") return known;
  throw new InferenceError(
    `${label}: the server broke off the answer with the reason "${reason}"; try again`,
    {
      kind: "interrupted",
      replica: address,
      retryable: true,
    },
  );
}
