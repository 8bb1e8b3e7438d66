import { ConfigurationError } from "../../errors/configuration-error.ts";
import { describeValue } from "../../kit/parsing/describe-value.ts";
import type { PointSelector, ScanOptions } from "../../spec/collection.ts";

/** {@link ScanOptions} with their defaults. */
export interface ScanRequest {
  readonly selector: PointSelector;
  readonly pageSize: number;
  readonly includeVectors: boolean;
}

/** Splits scan options into the selector and the way of reading. Throws a `ConfigurationError` for an invalid
 * page size. */
export function readScanOptions(options: ScanOptions = {}): ScanRequest {
  const { filter, sourceId, documentId, index, pageSize = 256, includeVectors = false } = options;
  if (!Number.isSafeInteger(pageSize) || pageSize < 1) throw refused(pageSize);
  return { selector: { filter, sourceId, documentId, index }, pageSize, includeVectors };
}

function refused(pageSize: unknown): ConfigurationError {
  const message = `must be a whole number of at least 1, got ${describeValue(pageSize)}`;
  const issues = [{ path: "pageSize", message }];
  return new ConfigurationError(`scan: \`pageSize\` ${message}. Omit it for 256.`, { issues });
}
