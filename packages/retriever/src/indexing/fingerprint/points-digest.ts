import { hash } from "node:crypto";
import type { Metadata, StoredChunk } from "@binnacle/core";
import { canonicalJson } from "./canonical-json.ts";
import { contentHash } from "./document-fingerprint.ts";

/**
 * A digest of a set of points that does not depend on their order: the exclusive or of their hashes, and their number.
 * So a whole source is compared in one scan, with 16 bytes held per document and not per point.
 */
export class PointsDigest {
  readonly #sum: Buffer = Buffer.alloc(16);
  #count = 0;

  /** Adds a point by its slot, its content hash, the encoders' ids and {@link payloadKey}. */
  add(chunk: StoredChunk, payload: string): void {
    const { slot, contentHash, spaceId, encoderId } = chunk;
    const text = JSON.stringify([slot, contentHash, spaceId ?? null, encoderId ?? null, payload]);
    const digest = hash("sha256", text, "buffer");
    for (let i = 0; i < 16; i++) this.#sum[i] = (this.#sum[i] ?? 0) ^ (digest[i] ?? 0);
    this.#count += 1;
  }

  /** Equal for equal sets of points. */
  get value(): string {
    return `${this.#count}-${this.#sum.toString("hex")}`;
  }
}

/** What a point says beside its content: two points with equal keys and equal content need no write to become equal.
 * The version is left out: a file that was merely touched says nothing new. */
export function payloadKey(chunk: Omit<StoredChunk, "slot">, metadataJson: string): string {
  const { index, start, end, tokens, path, mediaType, title, uri } = chunk;
  return JSON.stringify([
    index,
    start,
    end,
    tokens,
    path,
    mediaType,
    title ?? null,
    uri ?? null,
    metadataJson,
  ]);
}

/** True if a point's text is what its hash says: somebody may have changed the one without the other. */
export function isSound(chunk: StoredChunk): boolean {
  return chunk.contentHash === contentHash(chunk.context, chunk.text);
}

/** {@link payloadKey} of a point as the store returns it; that of a point that is not sound equals no other. */
export function storedPayloadKey(chunk: StoredChunk, metadata: Metadata): string {
  const key = payloadKey(chunk, canonicalJson(metadata));
  return isSound(chunk) ? key : `unsound ${key}`;
}
