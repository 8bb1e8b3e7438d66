import { ConfigurationError } from "../../errors/configuration-error.ts";
import type { PointSelector, ScanOptions } from "../../spec/collection.ts";

/** The options of a scan with their defaults. */
export interface ScanRequest {
  readonly selector: PointSelector;
  readonly pageSize: number;
  readonly includeVectors: boolean;
}

/** Separates what a scan selects from how it reads. Throws a `ConfigurationError` if the page size is no whole number. */
export function readScanOptions(options: ScanOptions = {}): ScanRequest {
  const { filter, sourceId, documentId, index, pageSize = 256, includeVectors = false } = options;
  if (!Number.isSafeInteger(pageSize) || pageSize < 1)
    throw new ConfigurationError(`scan: pageSize must be a whole number of at least 1, got ${pageSize}`);
  return { selector: { filter, sourceId, documentId, index }, pageSize, includeVectors };
}
