import type { TokenUsage } from "@binnacle/core";

/** Returns the sum of the tokens, or undefined if no server reported them. */
export function sumOfUsage(
  results: readonly { readonly usage?: TokenUsage | undefined }[],
): TokenUsage | undefined {
  const counts = results.map(({ usage }) => usage?.tokens).filter((tokens) => tokens !== undefined);
  return counts.length === 0 ? undefined : { tokens: counts.reduce((sum, tokens) => sum + tokens, 0) };
}
