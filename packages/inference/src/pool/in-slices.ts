import type { TokenUsage } from "@binnacle/core";

/** Cuts a list into slices of at most `size` items, in order. */
export function inSlices<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}

/** Returns the sum of the tokens, or undefined if no server reported them. */
export function sumOfUsage(
  results: readonly { readonly usage?: TokenUsage | undefined }[],
): TokenUsage | undefined {
  const counts = results.map(({ usage }) => usage?.tokens).filter((tokens) => tokens !== undefined);
  return counts.length === 0 ? undefined : { tokens: counts.reduce((sum, tokens) => sum + tokens, 0) };
}
