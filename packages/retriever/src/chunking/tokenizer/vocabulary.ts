import { InvalidResponseError } from "@binnacle/core";

/** Finds the tokens of a vocabulary by their bytes. */
export interface Vocabulary {
  /** Returns the rank of the token that consists of exactly `bytes[start, end)`, or -1 if no token does. */
  rank(bytes: Uint8Array, start: number, end: number): number;
  /** Returns the same for `bytes[0, length)` if the {@link hashByte} hash of these bytes is already known. */
  rankOf(hash: number, bytes: Uint8Array, length: number): number;
}

const FNV_PRIME = 0x01000193; // FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/
const FNV_OFFSET = 0x811c9dc5;
const SPACE = 0x20;
const NEWLINE = 0x0a;
const EXCLAMATION = 0x21;
const PADDING = 0x3d;

const base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/**
 * The bytes of all tokens in one array. Token `rank` is `bytes[offsets[rank], offsets[rank + 1])`, empty for
 * an unused rank.
 */
interface TokenBytes {
  readonly bytes: Uint8Array;
  readonly offsets: Uint32Array;
}

/** Decodes js-tiktoken's rank text: lines of `! FIRST_RANK TOKEN TOKEN …`, with tokens in base64. */
function decodeRanks(ranks: string): TokenBytes {
  const source = Buffer.from(ranks, "latin1");
  const sextets = new Uint8Array(256);
  for (let i = 0; i < base64.length; i++) sextets[base64.charCodeAt(i)] = i;
  const bytes = new Uint8Array(Math.ceil((source.length * 3) / 4));
  const offsets: number[] = [0];
  let used = 0;
  let at = 0;
  while (at < source.length) {
    if (source[at] !== EXCLAMATION) throw unexpected(at);
    const rankEnd = source.indexOf(SPACE, at + 2);
    const lineEnd = source.indexOf(NEWLINE, at);
    const end = lineEnd < 0 ? source.length : lineEnd;
    const first = Number(source.toString("latin1", at + 2, rankEnd));
    if (!Number.isInteger(first) || first < offsets.length - 1) throw unexpected(at);
    while (offsets.length - 1 < first) offsets.push(used);
    for (at = rankEnd + 1; at < end; at++) {
      let bits = 0;
      let held = 0;
      for (let unit = source[at] ?? SPACE; unit !== SPACE && at < end; unit = source[++at] ?? SPACE) {
        if (unit === PADDING) continue;
        bits = (bits << 6) | (sextets[unit] ?? 0);
        held += 6;
        if (held >= 8) bytes[used++] = bits >> (held -= 8);
      }
      offsets.push(used);
    }
    at = end + 1;
  }
  return { bytes: bytes.slice(0, used), offsets: Uint32Array.from(offsets) };
}

function unexpected(at: number): InvalidResponseError {
  return new InvalidResponseError(
    `createTokenizer: expected "! RANK TOKENS…" at character ${at} of the rank file. Install the js-tiktoken version that this package depends on.`,
  );
}

/** The hash of an empty list of bytes. */
export const EMPTY_HASH: number = FNV_OFFSET | 0;

/** Extends a hash by one byte. */
export function hashByte(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, FNV_PRIME);
}

function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = EMPTY_HASH;
  for (let i = start; i < end; i++) hash = hashByte(hash, bytes[i] ?? 0);
  return hash;
}

/**
 * Creates a vocabulary from js-tiktoken's rank text, as one open-addressed hash table over the tokens' bytes.
 */
export function createVocabulary(ranks: string): Vocabulary {
  const { bytes: tokens, offsets } = decodeRanks(ranks);
  const mask = 2 ** Math.ceil(Math.log2(offsets.length * 2)) - 1;
  // Each slot holds a hash and rank + 1, or 0 if it is free. The hash beside the rank saves the reads of most tokens
  // that differ, because each is a read from slow memory.
  const table = new Int32Array(2 * (mask + 1));
  const findHashed = (hash: number, bytes: Uint8Array, start: number, end: number): number => {
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (;;) {
      const rank = (table[2 * slot + 1] ?? 0) - 1;
      if (rank < 0) return ~slot;
      if (table[2 * slot] === hash) {
        const from = offsets[rank] ?? 0;
        if ((offsets[rank + 1] ?? 0) - from === end - start) {
          let i = start;
          while (i < end && tokens[from + i - start] === bytes[i]) i++;
          if (i === end) return rank;
        }
      }
      slot = (slot + 1) & mask;
    }
  };
  const find = (bytes: Uint8Array, start: number, end: number): number =>
    findHashed(hashBytes(bytes, start, end), bytes, start, end);
  for (let rank = 0; rank + 1 < offsets.length; rank++) {
    const start = offsets[rank] ?? 0;
    const end = offsets[rank + 1] ?? 0;
    if (start === end) continue;
    const hash = hashBytes(tokens, start, end);
    const found = findHashed(hash, tokens, start, end);
    if (found >= 0) continue;
    table[2 * ~found] = hash;
    table[2 * ~found + 1] = rank + 1;
  }
  return {
    rank: (bytes, start, end) => {
      const found = find(bytes, start, end);
      return found < 0 ? -1 : found;
    },
    rankOf: (hash, bytes, length) => {
      const found = findHashed(hash, bytes, 0, length);
      return found < 0 ? -1 : found;
    },
  };
}
