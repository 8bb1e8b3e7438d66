import { UnsupportedError } from "../../errors/unsupported-error.ts";
import type { StoreFeature } from "../../spec/vector-store.ts";

/** Throws an `UnsupportedError` if a store does not have a feature. */
export function checkFeature(method: string, feature: StoreFeature, features: readonly StoreFeature[]): void {
  if (features.includes(feature)) return;
  const message = `${method}: this store does not support \`${feature}\`. See \`features\` of its capabilities.`;
  throw new UnsupportedError(message, { capability: feature });
}
