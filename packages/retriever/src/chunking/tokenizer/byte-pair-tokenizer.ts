import type { Tokenizer } from "@binnacle/core";
import { mergeBytePairs } from "./byte-pair-merge.ts";
import type { ClassAt } from "./character-classes.ts";
import { readText, type ReadText } from "./read-text.ts";
import type { PieceEnd } from "./split-pieces.ts";
import { characterBytes, encodeUtf8 } from "./utf8.ts";
import { EMPTY_HASH, hashByte, type Vocabulary } from "./vocabulary.ts";
import { WordCache } from "./word-cache.ts";

/** The longest piece that is cached, in UTF-16 units. Longer pieces rarely repeat. */
const CACHED_UNITS = 48;
const CACHE_BYTES = 4 * 1024 * 1024;
/** The largest buffer that is kept after a text. Larger buffers are released. */
const KEPT_TOKENS = 1 << 18;
const LONGEST_CHARACTER_BYTES = 3; // per UTF-16 unit, in UTF-8

/** The parts of a byte-pair tokenizer. */
export interface BytePairParts {
  readonly id: string;
  readonly vocabulary: Vocabulary;
  readonly classAt: ClassAt;
  readonly pieceEnd: PieceEnd;
}

/** A piece of a text. Its UTF-8 is at the front of the scratch bytes. */
interface Piece {
  readonly start: number;
  readonly end: number;
  /** Length in bytes. */
  readonly length: number;
}

/**
 * A tokenizer that splits a text into pieces and merges the bytes of each. It reads a text once and caches
 * words.
 */
export class BytePairTokenizer implements Tokenizer {
  readonly id: string;
  readonly #vocabulary: Vocabulary;
  readonly #classAt: ClassAt;
  readonly #pieceEnd: PieceEnd;
  readonly #words = new WordCache(CACHE_BYTES);
  #bytes = new Uint8Array(1024);
  #ids = new Uint32Array(1024);
  #ends = new Uint32Array(1024);
  #pieces = 0;
  #pieceEnds = new Uint32Array(1024);
  #pieceTokens = new Uint32Array(1024);

  constructor({ id, vocabulary, classAt, pieceEnd }: BytePairParts) {
    this.id = id;
    this.#vocabulary = vocabulary;
    this.#classAt = classAt;
    this.#pieceEnd = pieceEnd;
  }

  count(text: string): number {
    const count = this.#tokenize(text);
    this.#release();
    return count;
  }

  encode(text: string): Uint32Array {
    const count = this.#tokenize(text);
    const ids = this.#ids.slice(0, count);
    this.#release();
    return ids;
  }

  ends(text: string): Uint32Array {
    const count = this.#tokenize(text);
    const ends = this.#ends.slice(0, count);
    this.#release();
    return ends;
  }

  /** Tokenizes a text once, so that its slices can be counted cheaply. */
  read(text: string): ReadText {
    const count = this.#tokenize(text);
    const parts = {
      ends: this.#ends.slice(0, count),
      pieceEnds: this.#pieceEnds.slice(0, this.#pieces),
      pieceTokens: this.#pieceTokens.slice(0, this.#pieces),
    };
    this.#release();
    return readText({
      text,
      ...parts,
      pieceEnd: this.#pieceEnd,
      classAt: this.#classAt,
      count: (slice) => this.count(slice),
      countPiece: (whole, start, end) => this.#addPiece(whole, start, end, 0),
    });
  }

  /** Fills the buffers from their start and returns the number of tokens. */
  #tokenize(text: string): number {
    let count = 0;
    let pieces = 0;
    for (let start = 0; start < text.length;) {
      const end = this.#pieceEnd(text, start);
      count = this.#addPiece(text, start, end, count);
      if (pieces === this.#pieceEnds.length) {
        this.#pieceEnds = enlarged(this.#pieceEnds, pieces * 2);
        this.#pieceTokens = enlarged(this.#pieceTokens, pieces * 2);
      }
      this.#pieceEnds[pieces] = end;
      this.#pieceTokens[pieces] = count;
      pieces += 1;
      start = end;
    }
    this.#pieces = pieces;
    return count;
  }

  /** Writes a piece's tokens to the buffers at `count` and returns the new number of tokens. */
  #addPiece(text: string, start: number, end: number, count: number): number {
    const room = (end - start) * LONGEST_CHARACTER_BYTES;
    if (room > this.#bytes.length) this.#bytes = new Uint8Array(room * 2);
    const bytes = this.#bytes;
    let hash = EMPTY_HASH;
    let ascii = start;
    for (; ascii < end; ascii++) {
      const unit = text.charCodeAt(ascii);
      if (unit >= 0x80) break;
      bytes[ascii - start] = unit;
      hash = hashByte(hash, unit);
    }
    const isAscii = ascii === end;
    const length = isAscii ? end - start : encodeUtf8(text, start, end, bytes);
    if (count + length > this.#ids.length) this.#grow(count + length);
    const whole = isAscii
      ? this.#vocabulary.rankOf(hash, bytes, length)
      : this.#vocabulary.rank(bytes, 0, length);
    if (whole >= 0) {
      this.#ids[count] = whole;
      this.#ends[count] = end;
      return count + 1;
    }
    if (end - start > CACHED_UNITS) return this.#merge(text, { start, end, length }, count);
    const found = this.#words.find(text.slice(start, end));
    if (found !== undefined) return this.#recall(found, start, count);
    return this.#remember(text, { start, end, length }, count);
  }

  #recall(entry: number, start: number, count: number): number {
    const arena = this.#words.arena;
    const tokens = arena[entry] ?? 0;
    for (let i = 0; i < tokens; i++) {
      this.#ids[count + i] = arena[entry + 1 + i] ?? 0;
      this.#ends[count + i] = start + (arena[entry + 1 + tokens + i] ?? 0);
    }
    return count + tokens;
  }

  #remember(text: string, piece: Piece, count: number): number {
    const after = this.#merge(text, piece, count);
    // A slice would keep the whole text alive, so the word is made from its bytes.
    const word = Buffer.from(this.#bytes.buffer, 0, piece.length).toString();
    const ends = this.#ends.slice(count, after).map((tokenEnd) => tokenEnd - piece.start);
    this.#words.add(word, this.#ids.subarray(count, after), ends);
    return after;
  }

  #merge(text: string, { start, end, length }: Piece, count: number): number {
    const byteEnds = this.#ends.subarray(count);
    const tokens = mergeBytePairs(this.#vocabulary, this.#bytes, length, byteEnds);
    let from = 0;
    let byte = 0;
    let unit = start;
    for (let i = 0; i < tokens; i++) {
      const to = byteEnds[i] ?? 0;
      this.#ids[count + i] = this.#vocabulary.rank(this.#bytes, from, to);
      from = to;
      while (unit < end) {
        const size = characterBytes(text, unit);
        if (byte + size > to) break;
        byte += size;
        unit += size === 4 ? 2 : 1;
      }
      byteEnds[i] = unit;
    }
    return count + tokens;
  }

  #grow(needed: number): void {
    this.#ids = enlarged(this.#ids, needed * 2);
    this.#ends = enlarged(this.#ends, needed * 2);
  }

  #release(): void {
    if (this.#ids.length > KEPT_TOKENS) {
      this.#ids = new Uint32Array(1024);
      this.#ends = new Uint32Array(1024);
    }
    if (this.#pieceEnds.length > KEPT_TOKENS) {
      this.#pieceEnds = new Uint32Array(1024);
      this.#pieceTokens = new Uint32Array(1024);
    }
    if (this.#bytes.length > KEPT_TOKENS) this.#bytes = new Uint8Array(1024);
  }
}

function enlarged(numbers: Uint32Array, length: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(length);
  larger.set(numbers);
  return larger;
}
