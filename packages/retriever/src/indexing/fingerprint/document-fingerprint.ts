import { hash } from "node:crypto";
import type { CollectionSpec, Document, SparseInput, StoredChunk } from "@binnacle/core";
import type { ImageInput } from "../documents/document-images.ts";

/**
 * The two parts of {@link ManifestEntry.inputHash}: a hash of the input and a digest of the points. The first
 * is compared without chunking the document, the second with the store alone.
 */
export interface DocumentFingerprint {
  /** Hash of text, title, uri, media type, outline, metadata and media. */
  readonly input: string;
  /** {@link PointsDigest.value} of the points as they were written. */
  readonly points: string;
}

// Part of every fingerprint. Raise it when the same input gives other points, so that documents are read
// again.
const format = 1;

/**
 * Returns {@link ManifestEntry.config}: a fingerprint of everything that changes the points of every
 * document.
 */
export function configFingerprint(chunkerId: string, spec: CollectionSpec, images?: ImageInput): string {
  const { dense, sparse } = spec;
  return sha256(
    JSON.stringify([format, chunkerId, dense?.spaceId ?? null, sparse?.encoderId ?? null, images ?? null]),
  ).slice(0, 32);
}

/** Returns the fingerprint of a document's own data. */
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

/** Returns {@link StoredChunk.contentHash}: a hash of the embedded text and image, and not of their place. */
export function contentHash({
  context,
  text,
  imageHash,
}: Pick<StoredChunk, "context" | "text" | "imageHash">): string {
  return sha256(JSON.stringify(imageHash === undefined ? [context, text] : [context, text, imageHash]));
}

/** Returns the text of a chunk that is embedded and encoded. */
export function embeddedText(chunk: { readonly context: string; readonly text: string }): string {
  return chunk.context === "" ? chunk.text : `${chunk.context}\n\n${chunk.text}`;
}

/** Measured on the labelled sets, see `docs/evaluation.md`. */
const contextWeight = 2;

/** Returns the parts of a chunk for the sparse encoder. The words of its headings count more. */
export function encodedParts(chunk: { readonly context: string; readonly text: string }): SparseInput {
  const { context, text } = chunk;
  if (context === "") return text;
  return [
    { text: context, weight: contextWeight },
    { text, weight: 1 },
  ];
}

/** Returns a fingerprint as it is recorded. */
export function formatFingerprint({ input, points }: DocumentFingerprint): string {
  return `${input}.${points}`;
}

/**
 * Reads a recorded fingerprint. An unreadable string, such as that of a rebuilt entry, equals no fingerprint.
 */
export function parseFingerprint(inputHash: string): DocumentFingerprint {
  const [input = "", points = ""] = inputHash.split(".");
  return { input, points };
}

/** Returns the SHA-256 hash in hexadecimal digits. */
export function sha256(data: string | Uint8Array): string {
  return hash("sha256", data, "hex");
}
