import { hash } from "node:crypto";
import type { CollectionSpec, Document } from "@binnacle/core";

/**
 * What {@link ManifestEntry.inputHash} holds: what the points were made from, and what came of it. Two parts, so that each
 * can be compared where it is known: the first without chunking the document, the second with the store alone.
 */
export interface DocumentFingerprint {
  /** Text, title, uri, media type, outline, metadata and media. */
  readonly input: string;
  /** {@link PointsDigest.value} of the points as they were written. */
  readonly points: string;
}

// Part of every fingerprint: raise it when the same inputs yield other points, so that documents are read again.
const format = 1;

/** {@link ManifestEntry.config}: fingerprint of whatever changes the points of every document. */
export function configFingerprint(chunkerId: string, spec: CollectionSpec): string {
  return sha256(
    JSON.stringify([format, chunkerId, spec.dense?.spaceId ?? null, spec.sparse?.encoderId ?? null]),
  ).slice(0, 32);
}

/** Fingerprint of everything a document brings with it. */
export function inputFingerprint(document: Document, metadataJson: string): string {
  const outline = document.outline?.map(({ start, end, path, kind, keepWhole, header }) => [
    start,
    end,
    path,
    kind,
    keepWhole ?? false,
    ...(header === undefined ? [] : [header.start, header.end]),
  ]);
  const media = document.media?.map((part) => [part.mediaType, sha256(part.data)]);
  const { text, mediaType, title, uri } = document;
  return sha256(
    JSON.stringify([text, mediaType, title ?? null, uri ?? null, outline ?? [], media ?? [], metadataJson]),
  ).slice(0, 32);
}

/** {@link StoredChunk.contentHash}: of what the vectors are made from, and of nothing else, where it stands least of all. */
export function contentHash(context: string, text: string): string {
  return sha256(JSON.stringify([context, text]));
}

/** What is embedded and encoded for a chunk. */
export function embeddedText(chunk: { readonly context: string; readonly text: string }): string {
  return chunk.context === "" ? chunk.text : `${chunk.context}\n\n${chunk.text}`;
}

/** As it is recorded. */
export function formatFingerprint({ input, points }: DocumentFingerprint): string {
  return `${input}.${points}`;
}

/** Whatever cannot be read, such as the empty string of a rebuilt entry, equals no fingerprint. */
export function parseFingerprint(inputHash: string): DocumentFingerprint {
  const [input = "", points = ""] = inputHash.split(".");
  return { input, points };
}

/** Hex. */
export function sha256(data: string | Uint8Array): string {
  return hash("sha256", data, "hex");
}
