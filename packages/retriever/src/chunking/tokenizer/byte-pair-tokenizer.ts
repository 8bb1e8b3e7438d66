import type { Tokenizer } from "@binnacle/core";
import { mergeBytePairs } from "./byte-pair-merge.ts";
import type { PieceEnd } from "./split-pieces.ts";
import { characterBytes, encodeUtf8 } from "./utf8.ts";
import type { Vocabulary } from "./vocabulary.ts";
import { WordCache } from "./word-cache.ts";

/** Longer pieces seldom come twice. */
const CACHED_UNITS = 48;
const CACHE_BYTES = 4 * 1024 * 1024;
/** Buffers that one huge text has grown beyond this are given back after it. */
const KEPT_TOKENS = 1 << 18;
const LONGEST_CHARACTER_BYTES = 3; // per UTF-16 unit, in UTF-8

/** What a byte-pair tokenizer is made of. */
export interface BytePairParts {
  readonly id: string;
  readonly vocabulary: Vocabulary;
  readonly pieceEnd: PieceEnd;
}

/** Splits a text to pieces and merges the bytes of each. A text is read once; words are remembered. */
export class BytePairTokenizer implements Tokenizer {
  readonly id: string;
  readonly #vocabulary: Vocabulary;
  readonly #pieceEnd: PieceEnd;
  readonly #words = new WordCache(CACHE_BYTES);
  #bytes = new Uint8Array(1024);
  #ids = new Uint32Array(1024);
  #ends = new Uint32Array(1024);
  #count = 0;

  constructor({ id, vocabulary, pieceEnd }: BytePairParts) {
    this.id = id;
    this.#vocabulary = vocabulary;
    this.#pieceEnd = pieceEnd;
  }

  count(text: string): number {
    this.#tokenize(text);
    const count = this.#count;
    this.#release();
    return count;
  }

  encode(text: string): Uint32Array {
    this.#tokenize(text);
    const ids = this.#ids.slice(0, this.#count);
    this.#release();
    return ids;
  }

  ends(text: string): Uint32Array {
    this.#tokenize(text);
    const ends = this.#ends.slice(0, this.#count);
    this.#release();
    return ends;
  }

  #tokenize(text: string): void {
    this.#count = 0;
    for (let start = 0; start < text.length;) {
      const end = this.#pieceEnd(text, start);
      this.#addPiece(text, start, end);
      start = end;
    }
  }

  #addPiece(text: string, start: number, end: number): void {
    const room = (end - start) * LONGEST_CHARACTER_BYTES;
    if (room > this.#bytes.length) this.#bytes = new Uint8Array(room * 2);
    const length = encodeUtf8(text, start, end, this.#bytes);
    if (this.#count + length > this.#ids.length) this.#grow(this.#count + length);
    const whole = this.#vocabulary.rank(this.#bytes, 0, length);
    if (whole >= 0) {
      this.#ids[this.#count] = whole;
      this.#ends[this.#count++] = end;
      return;
    }
    if (end - start > CACHED_UNITS) {
      this.#merge(text, start, end, length);
      return;
    }
    const found = this.#words.find(text.slice(start, end));
    if (found === undefined) this.#remember(text, start, end, length);
    else this.#recall(found, start);
  }

  #recall(entry: number, start: number): void {
    const arena = this.#words.arena;
    const tokens = arena[entry] ?? 0;
    for (let i = entry + 1; i <= entry + tokens; i++) {
      this.#ids[this.#count] = arena[i] ?? 0;
      this.#ends[this.#count++] = start + (arena[i + tokens] ?? 0);
    }
  }

  #remember(text: string, start: number, end: number, length: number): void {
    const first = this.#count;
    this.#merge(text, start, end, length);
    // The word is made from its bytes, so that it does not hold on to `text`.
    const word = Buffer.from(this.#bytes.buffer, 0, length).toString();
    const ends = this.#ends.slice(first, this.#count).map((tokenEnd) => tokenEnd - start);
    this.#words.add(word, this.#ids.subarray(first, this.#count), ends);
  }

  #merge(text: string, start: number, end: number, length: number): void {
    const byteEnds = this.#ends.subarray(this.#count);
    const tokens = mergeBytePairs(this.#vocabulary, this.#bytes, length, byteEnds);
    let from = 0;
    let byte = 0;
    let unit = start;
    for (let i = 0; i < tokens; i++) {
      const to = byteEnds[i] ?? 0;
      this.#ids[this.#count + i] = this.#vocabulary.rank(this.#bytes, from, to);
      from = to;
      while (unit < end) {
        const size = characterBytes(text, unit);
        if (byte + size > to) break;
        byte += size;
        unit += size === 4 ? 2 : 1;
      }
      byteEnds[i] = unit;
    }
    this.#count += tokens;
  }

  #grow(needed: number): void {
    const ids = new Uint32Array(needed * 2);
    const ends = new Uint32Array(needed * 2);
    ids.set(this.#ids.subarray(0, this.#count));
    ends.set(this.#ends.subarray(0, this.#count));
    this.#ids = ids;
    this.#ends = ends;
  }

  #release(): void {
    if (this.#ids.length > KEPT_TOKENS) {
      this.#ids = new Uint32Array(1024);
      this.#ends = new Uint32Array(1024);
    }
    if (this.#bytes.length > KEPT_TOKENS) this.#bytes = new Uint8Array(1024);
  }
}
