import { ConfigurationError } from "../../errors/configuration-error.ts";
import { describeValue } from "../../kit/parsing/describe-value.ts";
import type { PointSelector, ScanOptions, ScanOrder } from "../../spec/collection.ts";
import type { StoreFeature } from "../../spec/vector-store.ts";
import { checkFeature } from "./check-feature.ts";

/** Most points per request. A page of a store is in memory as a whole. */
const MAX_PAGE_SIZE = 10_000;

/** {@link ScanOptions} with their defaults. */
export interface ScanRequest {
  readonly selector: PointSelector;
  readonly pageSize: number;
  readonly includeVectors: boolean;
  readonly orderBy: ScanOrder | undefined;
}

/** Splits scan options into the selector and the way of reading. Throws a `ConfigurationError` for an invalid
 * page size, and an `UnsupportedError` if `features` lacks `orderBy`. */
export function readScanOptions(
  options: ScanOptions = {},
  features: readonly StoreFeature[] = [],
): ScanRequest {
  const { filter, sourceId, documentId, index, pageSize = 256, includeVectors = false, orderBy } = options;
  if (orderBy) checkFeature("scan", "orderBy", features);
  if (!Number.isSafeInteger(pageSize) || pageSize < 1 || pageSize > MAX_PAGE_SIZE) throw refused(pageSize);
  return { selector: { filter, sourceId, documentId, index }, pageSize, includeVectors, orderBy };
}

function refused(pageSize: unknown): ConfigurationError {
  const message = `must be a whole number from 1 to ${MAX_PAGE_SIZE}, got ${describeValue(pageSize)}`;
  const issues = [{ path: "pageSize", message }];
  return new ConfigurationError(`scan: \`pageSize\` ${message}. Omit it for 256.`, { issues });
}
