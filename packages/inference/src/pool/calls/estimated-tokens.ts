import type { ContentPart, EmbedInput, GenerateRequest } from "@binnacle/core";

const charactersPerToken = 4;
const tokensPerImage = 600;
const usualAnswer = 256;

/** Returns about how many tokens a text or its parts have. Reads no text, so that it is cheap for any size. */
export function estimatedTokens(content: string | readonly ContentPart[]): number {
  if (typeof content === "string") return content.length / charactersPerToken;
  return content.reduce(
    (sum, part) => sum + (part.type === "text" ? part.text.length / charactersPerToken : tokensPerImage),
    0,
  );
}

/** Returns about how many tokens the inputs of an embedder have. */
export function inputTokens(inputs: readonly EmbedInput[]): number {
  return inputs.reduce<number>(
    (sum, input) => sum + estimatedTokens(typeof input === "string" ? input : input.content),
    0,
  );
}

/** Returns about how many tokens the texts have. Other values count as 0, because the driver refuses them. */
export function textTokens(texts: readonly unknown[]): number {
  return texts.reduce<number>((sum, text) => sum + (typeof text === "string" ? estimatedTokens(text) : 0), 0);
}

/** Returns about how many tokens a request's prompt and its answer have. */
export function requestTokens({ messages, maxTokens = usualAnswer }: GenerateRequest): {
  readonly prompt: number;
  readonly answer: number;
} {
  return {
    prompt: messages.reduce((sum, { content }) => sum + estimatedTokens(content), 0),
    answer: maxTokens,
  };
}
