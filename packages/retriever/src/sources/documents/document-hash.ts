import { createHash } from "node:crypto";
import type { Document } from "@binnacle/core";

/**
 * Computes the SHA-256 of a document as base64url. It covers everything except the id. The order of metadata
 * keys does not matter. Throws if JSON cannot write the metadata.
 */
export function documentHash(document: Document): string {
  const { text, mediaType = "text/plain", title, uri, outline, media = [], metadata } = document;
  const hash = createHash("sha256");
  const parts = media.map((part) => [part.mediaType, part.data.byteLength]);
  hash.update(JSON.stringify([text, mediaType, title, uri, outline, parts, metadata], sortKeys));
  for (const part of media) hash.update(part.data);
  return hash.digest("base64url");
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
