import { hash } from "node:crypto";
import type { Metadata, StoredChunk } from "@binnacle/core";
import { canonicalJson } from "./canonical-json.ts";
import { contentHash } from "./document-fingerprint.ts";

/**
 * A digest of a set of points that does not depend on their order: the exclusive or of their hashes, and
 * their number. One scan compares a whole source with 16 bytes for each document.
 */
export class PointsDigest {
  readonly #sum: Buffer;
  #count: number;

  /** Starts with the points of a {@link PointsDigest.value}. */
  constructor(value = "0-") {
    const [count = "0", sum = ""] = value.split("-");
    this.#count = Number(count);
    this.#sum = Buffer.from(sum.padEnd(32, "0"), "hex");
  }

  /** Adds a point by its slot, its content hash, the encoders' ids and {@link payloadKey}. */
  add(chunk: StoredChunk, payload: string): void {
    this.#toggle(chunk, payload);
    this.#count += 1;
  }

  /** Removes a point that was added. */
  remove(chunk: StoredChunk, payload: string): void {
    this.#toggle(chunk, payload);
    this.#count -= 1;
  }

  #toggle(chunk: StoredChunk, payload: string): void {
    const { slot, contentHash, spaceId, encoderId } = chunk;
    const text = JSON.stringify([slot, contentHash, spaceId ?? null, encoderId ?? null, payload]);
    const digest = hash("sha256", text, "buffer");
    for (let i = 0; i < 16; i++) this.#sum[i] = (this.#sum[i] ?? 0) ^ (digest[i] ?? 0);
  }

  /** Equal for equal sets of points. */
  get value(): string {
    return `${this.#count}-${this.#sum.toString("hex")}`;
  }
}

/**
 * Returns the fields of a point apart from its content as one string. A point with an equal key and equal
 * content needs no write. The version is left out, because a touched file changes nothing.
 */
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

/** Returns true if a point's text and image hash match its content hash. Another process may have changed only one of them. */
export function isSound(chunk: StoredChunk): boolean {
  return chunk.contentHash === contentHash(chunk);
}

/** Returns {@link payloadKey} of a stored point. The key of an unsound point equals no other key. */
export function storedPayloadKey(chunk: StoredChunk, metadata: Metadata): string {
  const key = payloadKey(chunk, canonicalJson(metadata));
  return isSound(chunk) ? key : `unsound ${key}`;
}
