import type { Generation, GenerationEvent } from "@binnacle/core";

/** Yields events that add up to the generation. */
export function* replayGeneration(generation: Generation): Generator<GenerationEvent, void, void> {
  const { text, reasoning, toolCalls = [], logprobs, finishReason, usage, model, cachedForMs } = generation;
  yield { type: "start", model, cachedForMs };
  if (reasoning !== undefined) yield { type: "reasoning", text: reasoning };
  if (text !== "" || logprobs !== undefined) yield { type: "text", text, ...(logprobs && { logprobs }) };
  for (const [index, { id, name, arguments: argumentsDelta }] of toolCalls.entries()) {
    yield { type: "tool-call", index, id, name, argumentsDelta };
  }
  if (usage !== undefined) yield { type: "usage", usage };
  yield { type: "finish", reason: finishReason };
}
