import { ConfigurationError } from "../../errors/configuration-error.ts";
import { FencedError } from "../../errors/fenced-error.ts";
import { UnsupportedError } from "../../errors/unsupported-error.ts";
import type { Fence } from "../../spec/collection.ts";

/** Throws an `UnsupportedError` if a fence is given, for stores without fences. */
export function refuseFence(fence: Fence | undefined): void {
  if (fence === undefined) return;
  throw new UnsupportedError("This store has no fences. Omit `fence`, and run only one writer per source.", {
    capability: "fences",
  });
}

/** Throws a `FencedError` if the token is below the highest token that the store has seen of the source. */
export function checkFence(fence: Fence, highest: number | undefined): void {
  if (!Number.isSafeInteger(fence.token) || fence.token < 0)
    throw new ConfigurationError(`\`fence.token\` must be a whole number of at least 0, got ${fence.token}`);
  if (highest === undefined || fence.token >= highest) return;
  throw new FencedError(
    `Another writer of source "${fence.sourceId}" has token ${highest}, this writer has ${fence.token}. Stop writing.`,
    { highestToken: highest },
  );
}
