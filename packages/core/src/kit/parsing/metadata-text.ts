import type { Metadata } from "../../spec/metadata.ts";

/** Returns a field of metadata that holds a text. Returns an empty text if it holds anything else. */
export function metadataText(metadata: Metadata, field: string): string {
  const value = metadata[field];
  return typeof value === "string" ? value : "";
}
