/** What an entry takes beside its text: map slot, object, key and the heads of two strings. */
const entryOverheadBytes = 256;
/** How many characters of a text are looked at to find it again. */
const sampledCharacters = 20;

interface Entry {
  readonly scope: number;
  readonly text: string;
  readonly key: string;
  readonly bytes: number;
}

/**
 * Remembers which text has which key, because to compare a text with the same one takes a fifth of the time of its digest.
 * A text is looked for by its length and some of its characters, and then compared as a whole: a `Map` of texts would read
 * each of them once more, slower than it is hashed. Where two are alike in these, the later one takes the place. Texts make
 * room in the order in which they came.
 */
export class RememberedKeys {
  readonly #maxBytes: number;
  readonly #entries = new Map<number, Entry>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** What is held, never more than allowed. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The key of a text in a scope: the one remembered, or the one that is made now. */
  keyOf(text: string, scope: number, make: (text: string) => string): string {
    const place = placeOf(text, scope);
    const entry = this.#entries.get(place);
    if (entry?.scope === scope && entry.text === text) return entry.key;
    const key = make(text);
    this.#remember(place, text, scope, key);
    return key;
  }

  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
  }

  #remember(place: number, text: string, scope: number, key: string): void {
    const bytes = 2 * text.length + entryOverheadBytes;
    if (bytes > this.#maxBytes) return;
    this.#drop(place);
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes + bytes <= this.#maxBytes) break;
      this.#drop(oldest);
    }
    this.#entries.set(place, { scope, text: copyOf(text), key, bytes });
    this.#bytes += bytes;
  }

  #drop(place: number): void {
    const entry = this.#entries.get(place);
    if (entry === undefined) return;
    this.#entries.delete(place);
    this.#bytes -= entry.bytes;
  }
}

/** Looks at random places, always the same ones of a length: places at equal distance see one column of a table. */
function placeOf(text: string, scope: number): number {
  const { length } = text;
  const samples = Math.min(length, sampledCharacters);
  let place = scope ^ length;
  let random = 0;
  for (let i = 0; i < samples; i++) {
    // `ranqd1` of Numerical Recipes in C, 2nd edition, 7.1. Its high bits decide.
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
    place = (Math.imul(place, 31) + text.charCodeAt(Math.floor((random * length) / 2 ** 32))) | 0;
  }
  return place;
}

/** A text of its own: one that was cut from a document would keep the whole document in memory. */
function copyOf(text: string): string {
  return Buffer.from(text, "utf16le").toString("utf16le");
}
