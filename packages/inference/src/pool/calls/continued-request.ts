import type { GenerateRequest, PartialGeneration } from "@binnacle/core";

/**
 * Returns a request that continues a broken answer on another server, or undefined if that is not possible. A
 * constrained answer cannot be continued, because the server would begin its grammar or its schema again.
 */
export function continuedRequest(
  request: GenerateRequest,
  { text, reasoning, toolCalls }: PartialGeneration,
  textEvents: number,
): GenerateRequest | undefined {
  const { messages, maxTokens, tools = [], jsonSchema, grammar, logprobs } = request;
  const isPlain =
    tools.length === 0 && jsonSchema === undefined && grammar === undefined && logprobs === undefined;
  const isPlainSoFar = reasoning === undefined && toolCalls === undefined && text !== "";
  if (!isPlain || !isPlainSoFar || messages.at(-1)?.role === "assistant") return undefined;
  // Most servers send one token per event.
  const left = maxTokens === undefined ? undefined : Math.max(1, maxTokens - textEvents);
  return {
    ...request,
    messages: [...messages, { role: "assistant", content: text }],
    ...(left === undefined ? {} : { maxTokens: left }),
  };
}
