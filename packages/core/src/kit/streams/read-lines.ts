import { InvalidResponseError } from "../../errors/invalid-response-error.ts";

/** Options of {@link readLines} and {@link readJsonLines}. */
export interface LinesOptions {
  /** Most bytes of one line without its end. A longer line throws an `InvalidResponseError`. @default 16
   * MiB */
  readonly maxLineBytes?: number | undefined;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Reads lines of UTF-8 text from bytes in any pieces. Lines end with `\n` or `\r\n`, but the last line may
 * lack its end. A byte order mark at the start is dropped. Throws an `InvalidResponseError` for a line that
 * is not UTF-8. Leaving the loop closes the source.
 */
export async function* readLines(
  bytes: AsyncIterable<Uint8Array>,
  options: LinesOptions = {},
): AsyncGenerator<string, void, void> {
  const open = new OpenLine(options.maxLineBytes ?? 16 * 2 ** 20);
  for await (const piece of bytes) {
    let start = 0;
    // In UTF-8 this byte is always a line feed, so lines can be split before they are decoded.
    for (let end = piece.indexOf(lineFeed); end !== -1; end = piece.indexOf(lineFeed, start)) {
      yield open.endWith(piece.subarray(start, end));
      start = end + 1;
    }
    open.add(piece.subarray(start));
  }
  if (open.size > 0) yield open.endWith(new Uint8Array());
}

/** A line whose end has not arrived yet. */
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
    // Doubling the buffer keeps the cost of many small pieces linear.
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
    // A final carriage return is part of the line's end.
    const lineBytes = end.at(-1) === carriageReturn ? size - 1 : size;
    if (lineBytes <= this.#maxBytes) return;
    throw new InvalidResponseError(
      `A line of the stream is longer than ${this.#maxBytes} bytes. Raise \`maxLineBytes\` if that is expected.`,
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
      throw new InvalidResponseError(`A line of the stream is not UTF-8 text (${bytes.length} bytes).`);
    }
  }
}
