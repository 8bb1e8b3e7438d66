import { InvalidResponseError } from "../../errors/invalid-response-error.ts";

/** Options of {@link readLines} and {@link readJsonLines}. */
export interface LinesOptions {
  /** Most bytes of one line without its end; a longer one throws `InvalidResponseError`. @default 16 MiB */
  readonly maxLineBytes?: number | undefined;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Reads lines of UTF-8 text from bytes that may be cut anywhere. Lines end with `\n` or `\r\n`; the last one may lack
 * its end. A byte order mark at the start is dropped. A line that is not UTF-8 throws `InvalidResponseError`. Leaving
 * the loop closes the source.
 */
export async function* readLines(
  bytes: AsyncIterable<Uint8Array>,
  options: LinesOptions = {},
): AsyncGenerator<string, void, void> {
  const open = new OpenLine(options.maxLineBytes ?? 16 * 2 ** 20);
  for await (const piece of bytes) {
    let start = 0;
    // UTF-8 uses this byte for nothing else, so a line can be cut out before it is decoded.
    for (let end = piece.indexOf(lineFeed); end !== -1; end = piece.indexOf(lineFeed, start)) {
      yield open.endWith(piece.subarray(start, end));
      start = end + 1;
    }
    open.add(piece.subarray(start));
  }
  if (open.size > 0) yield open.endWith(new Uint8Array());
}

/** A line whose end has not come yet. */
class OpenLine {
  readonly #maxBytes: number;
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });
  #bytes = new Uint8Array();
  #size = 0;
  #isFirst = true;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get size(): number {
    return this.#size;
  }

  add(piece: Uint8Array): void {
    if (piece.length === 0) return;
    const size = this.#size + piece.length;
    this.#check(size, piece);
    // Doubling keeps the cost of many small pieces linear.
    if (size > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(size, Math.min(2 * this.#bytes.length, this.#maxBytes + 1)));
      grown.set(this.#bytes.subarray(0, this.#size));
      this.#bytes = grown;
    }
    this.#bytes.set(piece, this.#size);
    this.#size = size;
  }

  endWith(piece: Uint8Array): string {
    if (this.#size === 0) {
      this.#check(piece.length, piece);
      return this.#decode(piece);
    }
    this.add(piece);
    const text = this.#decode(this.#bytes.subarray(0, this.#size));
    this.#bytes = new Uint8Array();
    this.#size = 0;
    return text;
  }

  #check(size: number, end: Uint8Array): void {
    // A carriage return at the end belongs to the line's end.
    const lineBytes = end.at(-1) === carriageReturn ? size - 1 : size;
    if (lineBytes <= this.#maxBytes) return;
    throw new InvalidResponseError(
      `a line of the stream is longer than ${this.#maxBytes} bytes; raise maxLineBytes if that is expected`,
    );
  }

  #decode(bytes: Uint8Array): string {
    const text = this.#text(bytes.at(-1) === carriageReturn ? bytes.subarray(0, -1) : bytes);
    const hasByteOrderMark = this.#isFirst && text.startsWith("\uFEFF");
    this.#isFirst = false;
    return hasByteOrderMark ? text.slice(1) : text;
  }

  #text(bytes: Uint8Array): string {
    try {
      return this.#decoder.decode(bytes);
    } catch {
      throw new InvalidResponseError(`a line of the stream is not UTF-8 text (${bytes.length} bytes)`);
    }
  }
}
