import { ConfigurationError } from "../../errors/configuration-error.ts";
import { FencedError } from "../../errors/fenced-error.ts";
import { UnsupportedError } from "../../errors/unsupported-error.ts";
import type { Fence } from "../../spec/collection.ts";

/** For a store without fences: throws an `UnsupportedError` if a fence was given. */
export function refuseFence(fence: Fence | undefined): void {
  if (fence === undefined) return;
  throw new UnsupportedError(
    "this store has no fences; leave `fence` out, and let one writer at a time write a source",
    {
      capability: "fences",
    },
  );
}

/** Throws a `FencedError` unless the token is at least the highest that was seen of its source. */
export function checkFence(fence: Fence, highest: number | undefined): void {
  if (!Number.isSafeInteger(fence.token) || fence.token < 0)
    throw new ConfigurationError(`a fence's token is a whole number from 0, got ${fence.token}`);
  if (highest === undefined || fence.token >= highest) return;
  throw new FencedError(
    `source "${fence.sourceId}" is now written with token ${highest}, this writer holds ${fence.token}; stop writing`,
    { highestToken: highest },
  );
}
