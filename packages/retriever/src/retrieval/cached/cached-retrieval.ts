import type { Metadata, Retrieval } from "@binnacle/core";

/** A retrieval as it lies in a cache, under the key that it repeats. */
export interface CachedRetrieval<M extends Metadata> {
  readonly key: string;
  /** Epoch milliseconds. */
  readonly madeAt: number;
  readonly retrieval: Retrieval<M>;
}

/** JSON in UTF-8. Every number is read as it was written. */
export function retrievalToBytes<M extends Metadata>(cached: CachedRetrieval<M>): Uint8Array {
  return Buffer.from(JSON.stringify(cached));
}

/** What was written under the key, or undefined if the bytes are something else. */
export function retrievalFromBytes<M extends Metadata>(
  key: string,
  bytes: Uint8Array,
): CachedRetrieval<M> | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString());
  } catch {
    return undefined; // cut or foreign bytes: a miss
  }
  return isCachedRetrieval<M>(parsed) && parsed.key === key ? parsed : undefined;
}

function isCachedRetrieval<M extends Metadata>(value: unknown): value is CachedRetrieval<M> {
  return (
    isObject(value) &&
    typeof value["key"] === "string" &&
    typeof value["madeAt"] === "number" &&
    isObject(value["retrieval"]) &&
    typeof value["retrieval"]["query"] === "string" &&
    isObject(value["retrieval"]["trace"]) &&
    Array.isArray(value["retrieval"]["passages"]) &&
    value["retrieval"]["passages"].every(isPassage)
  );
}

function isPassage(value: unknown): boolean {
  return isObject(value) && typeof value["documentId"] === "string" && typeof value["text"] === "string";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
