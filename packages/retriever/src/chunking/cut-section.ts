import { ConfigurationError } from "@binnacle/core";
import type { ChunkLimits } from "./chunker-options.ts";
import type { Section } from "./section.ts";
import { firstEndingAfter, placeUnits, visitCuts, type PlacedUnit } from "./section-units.ts";
import {
  CHARACTER,
  PARAGRAPH,
  SENTENCE,
  WORD,
  isBetweenParagraphs,
  isBlank,
  skipBlank,
  splitsCharacter,
  trimBlank,
} from "./text-boundaries.ts";
import { TokenMap } from "./token-map.ts";
import { isPair } from "./tokenizer/utf8.ts";

/** One chunk of a section. Its offsets refer to the whole text. */
export interface SectionChunk {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly tokens: number;
  /**
   * The heading rows of the table in which the chunk begins. Empty if the chunk does not begin inside a
   * table.
   */
  readonly header: string;
}

/**
 * Cuts a section into chunks, in order. A cut depends only on the text near it and on the previous cut. A chunk
 * ends with a paragraph if it can, even in the first half of its room. Otherwise, among the most natural
 * positions in the second half of the room, the position whose surroundings hash highest is chosen. After an
 * edit the boundaries of the old and new text therefore soon agree again. If each chunk were
 * filled completely, they would not. The overlap is added afterwards and does not affect the cuts.
 */
export function* cutSection(text: string, section: Section, limits: ChunkLimits): Generator<SectionChunk> {
  const body = text.slice(section.start, section.end);
  const cutter = new SectionCutter(body, section, limits);
  let previous: Previous = { start: 0, ownStart: 0, end: 0 };
  for (let start = skipBlank(body, 0, body.length); start < body.length;) {
    const chunk = cutter.cut(previous, start);
    const shift = section.start;
    const { text: slice, tokens, header } = chunk;
    yield { start: chunk.start + shift, end: chunk.end + shift, text: slice, tokens, header };
    previous = { start: chunk.start, ownStart: start, end: chunk.end };
    start = skipBlank(body, chunk.end, body.length);
  }
}

/** The number of tokens that a chunk may take: usually, and at most if that keeps a unit whole. */
interface Room {
  readonly usual: number;
  readonly most: number;
}

/** The previous chunk. */
interface Previous {
  readonly start: number;
  /** The end of its overlap, where its own text begins. */
  readonly ownStart: number;
  /** The end of the chunk. 0 if there is no previous chunk. */
  readonly end: number;
}

class SectionCutter {
  readonly #body: string;
  readonly #limits: ChunkLimits;
  readonly #map: TokenMap;
  readonly #units: readonly PlacedUnit[];

  constructor(body: string, section: Section, limits: ChunkLimits) {
    this.#body = body;
    this.#limits = limits;
    this.#map = new TokenMap(limits.tokenizer, body);
    this.#units = placeUnits(body, section, this.#map, limits);
  }

  /**
   * Cuts the chunk whose own text begins at `start`. Counts the final slice again and shrinks it until it
   * fits.
   */
  cut(previous: Previous, start: number): SectionChunk {
    const { maxTokens } = this.#limits;
    const overlapTokens = this.#overlapTokens(previous, start);
    let room: Room = { usual: maxTokens - overlapTokens, most: maxTokens };
    for (;;) {
      const end = trimBlank(this.#body, start, this.#cutAfter(start, room));
      const chunk = this.#withOverlap(previous, start, end);
      if (chunk.tokens <= maxTokens) return chunk;
      if (room.usual === 1) return this.#smallest(start);
      const shrunk = Math.floor((room.usual * maxTokens) / chunk.tokens);
      const usual = Math.max(1, Math.min(shrunk, room.usual - 1));
      room = { usual, most: Math.max(usual, room.most - (room.usual - usual)) };
    }
  }

  /**
   * Cuts as many characters as fit, if the usual cuts leave too many, such as in a cluster of joined emoji.
   */
  #smallest(start: number): SectionChunk {
    const { maxTokens } = this.#limits;
    let chunk: SectionChunk | undefined;
    for (let end = start; end < this.#body.length;) {
      end += isPair(this.#body, end) ? 2 : 1;
      const tokens = this.#map.count(start, end);
      if (tokens > maxTokens && chunk === undefined) throw this.#tooSmall(start, tokens);
      if (tokens > maxTokens || isBlank(this.#body, end - 1)) break;
      chunk = { start, end, text: this.#body.slice(start, end), tokens, header: this.#header(start) };
    }
    if (chunk === undefined) throw this.#tooSmall(start, 0);
    return chunk;
  }

  /** Returns the limit of the overlap. A chunk that begins a paragraph repeats nothing, as nothing is divided. */
  #overlapTokens({ end }: Previous, start: number): number {
    const dividesParagraph = end > 0 && !isBetweenParagraphs(this.#body, end, start);
    return dividesParagraph ? this.#limits.overlapTokens : 0;
  }

  #withOverlap(previous: Previous, start: number, end: number): SectionChunk {
    const { maxTokens } = this.#limits;
    for (let budget = this.#overlapTokens(previous, start); ;) {
      const from = this.#overlapStart(previous, start, budget);
      const text = this.#body.slice(from, end);
      const tokens = this.#map.count(from, end);
      if (tokens <= maxTokens || from === start) {
        return { start: from, end, text, tokens, header: this.#header(from) };
      }
      budget = Math.min(budget, this.#map.between(from, start)) - (tokens - maxTokens);
    }
  }

  /**
   * Returns the start of an overlap of at most `budget` tokens: at a sentence or line if that uses half, else
   * at a word.
   */
  #overlapStart(previous: Previous, start: number, budget: number): number {
    for (let left = budget; left > 0;) {
      const from = this.#repeatFrom(previous, start, left);
      const excess = this.#map.count(from, previous.end) - budget;
      if (excess <= 0) return from;
      left -= excess;
    }
    return start;
  }

  #repeatFrom(previous: Previous, start: number, budget: number): number {
    const whole = this.#units[firstEndingAfter(this.#units, start - 1) - 1];
    const straddled = this.#units[firstEndingAfter(this.#units, previous.end - 1)];
    const kept = [whole, straddled].filter((unit) => unit?.fits && unit.end <= start);
    const floor = Math.max(previous.ownStart, ...kept.map((unit) => unit?.end ?? 0));
    const last = this.#map.before(previous.end);
    let lowest = this.#map.position(last - budget);
    let most = budget;
    if (lowest <= floor) {
      if (floor > previous.start) return skipBlank(this.#body, floor, start);
      // The whole previous chunk would fit. Its first words are left out, because no chunk is repeated whole.
      lowest = previous.start + 1;
      most = last - this.#map.before(lowest);
    }
    const half = this.#map.position(last - Math.ceil(most / 2));
    const found: (number | undefined)[] = []; // the first place of each level
    const range = { from: lowest, to: previous.end - 1, finest: CHARACTER };
    visitCuts(this.#body, this.#units, range, (index, level) => {
      const rank = index <= half ? Math.min(level, SENTENCE) : Math.min(level, WORD);
      found[rank] ??= index;
    });
    return skipBlank(this.#body, found.findLast((index) => index !== undefined) ?? start, start);
  }

  /** Returns the end of the chunk that begins at `start`. */
  #cutAfter(start: number, { usual, most }: Room): number {
    const first = this.#map.before(start);
    const total = this.#map.total;
    const isFirst = trimBlank(this.#body, 0, start) === 0;
    if (total - first <= (isFirst ? most : usual)) return this.#body.length;
    const half = first + Math.ceil(usual / 2);
    const from = Math.max(start + 1, this.#map.position(half));
    // A cut near the end of the section would leave only a tiny last chunk.
    const to = Math.max(
      from,
      this.#map.position(Math.min(first + usual, Math.max(half, total - (usual >> 2)))),
    );
    const natural =
      this.#best(from, to, PARAGRAPH) ?? this.#earlyParagraph(start, from) ?? this.#best(from, to, SENTENCE);
    if (natural !== undefined) return natural;
    const unit = this.#units[firstEndingAfter(this.#units, to)];
    if (unit?.fits && unit.start <= to) {
      if (unit.start <= start || this.#map.between(start, unit.end) <= most) return unit.end;
      return unit.start;
    }
    return this.#best(from, to, WORD) ?? this.#best(from, to, CHARACTER) ?? this.#forced(start, to);
  }

  /** Returns the last end of a paragraph in the first half of the room, so that the next one is not divided. */
  #earlyParagraph(start: number, half: number): number | undefined {
    let last: number | undefined;
    const range = { from: start + 1, to: half - 1, finest: PARAGRAPH };
    visitCuts(this.#body, this.#units, range, (index, level) => {
      if (level >= PARAGRAPH) last = index;
    });
    return last;
  }

  /**
   * Returns the most natural cut. Among equally natural cuts it is the cut whose surroundings hash highest.
   */
  #best(from: number, to: number, finest: number): number | undefined {
    let best = finest;
    let places: number[] = [];
    visitCuts(this.#body, this.#units, { from, to, finest }, (index, level) => {
      if (level < best) return;
      if (level > best) places = [];
      best = level;
      places.push(index);
    });
    let highest = -1;
    let chosen: number | undefined;
    for (const index of places) {
      const hash = this.#hashAround(index);
      if (hash < highest) continue;
      highest = hash;
      chosen = index;
    }
    return chosen;
  }

  #hashAround(index: number): number {
    const reach = 12;
    let hash = 0x811c9dc5; // FNV-1a
    const end = Math.min(this.#body.length, index + reach);
    for (let i = Math.max(0, index - reach); i < end; i++) {
      hash = Math.imul(hash ^ this.#body.charCodeAt(i), 0x01000193);
    }
    return (hash ^ (hash >>> 15)) >>> 0;
  }

  /**
   * Returns a cut if no position is natural, such as in a run of combining marks. It never splits a surrogate
   * pair.
   */
  #forced(start: number, to: number): number {
    for (let index = to; index > Math.max(start, to - 32); index--) {
      if (!splitsCharacter(this.#body, index)) return index;
    }
    const index = isPair(this.#body, to - 1) ? to - 1 : to;
    return index > start ? index : start + (isPair(this.#body, start) ? 2 : 1);
  }

  #header(from: number): string {
    const unit = this.#units[firstEndingAfter(this.#units, from)];
    if (unit?.header === undefined || from < unit.header.end) return "";
    const { start, end } = unit.header;
    const fits = this.#map.between(start, end) <= this.#limits.maxTokens >> 2;
    return fits ? this.#body.slice(start, end) : "";
  }

  #tooSmall(start: number, tokens: number): ConfigurationError {
    const { maxTokens, tokenizer } = this.#limits;
    return new ConfigurationError(
      `chunker: the character at ${start} takes ${tokens} tokens of "${tokenizer.id}", but \`maxTokens\` is ${maxTokens}. Raise \`maxTokens\`.`,
    );
  }
}
