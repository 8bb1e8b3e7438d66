const COMMA = 44;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const OPEN = 91;
const CLOSE = 93;

/** Significant digits that name every float32. */
const DIGITS = 9;
/** Most bytes of a number: sign, 17 digits, point, exponent and comma. */
const MAX_BYTES = 26;
const POWERS: readonly number[] = Array.from({ length: 15 }, (_, places) => 10 ** places);

/**
 * Writes vectors as JSON. A number has nine digits, which a reader rounds to the same float32.
 * `JSON.stringify` writes up to 17 digits and takes several times as long. The object reuses its memory, so
 * `write` returns a copy.
 */
export class Float32Json {
  #bytes = Buffer.alloc(0);

  /** Returns the vector, multiplied by `scale`, as a JSON array in ASCII. */
  write(vector: Float32Array, scale = 1): Buffer {
    const most = 2 + vector.length * MAX_BYTES;
    if (this.#bytes.length < most) this.#bytes = Buffer.allocUnsafeSlow(most);
    const bytes = this.#bytes;
    bytes[0] = OPEN;
    let at = 1;
    for (const given of vector) {
      if (at > 1) bytes[at++] = COMMA;
      at = writeNumber(bytes, at, Math.fround(given * scale));
    }
    bytes[at] = CLOSE;
    return Buffer.from(bytes.subarray(0, at + 1));
  }
}

/** Writes a number from `at` on and returns the position after it. */
function writeNumber(bytes: Buffer, at: number, value: number): number {
  const size = Math.abs(value);
  const start = value < 0 ? at + 1 : at;
  if (value < 0) bytes[at] = MINUS;
  const places = placesOf(size);
  const digits = Math.round(size * (POWERS[places] ?? 0));
  // Numbers that are zero, rare, or rounded up to a tenth digit.
  if (digits < 1e8 || digits >= 1e9) return start + bytes.write(String(size), start, "latin1");
  return writeDigits(bytes, start, digits, places);
}

/** Returns how many decimals give nine significant digits, or -1 for numbers that embeddings seldom have. */
function placesOf(size: number): number {
  if (size >= 1) return size < 10 ? 8 : size < 100 ? 7 : size < 1_000 ? 6 : -1;
  if (size >= 0.01) return size >= 0.1 ? 9 : 10;
  if (size >= 0.000_1) return size >= 0.001 ? 11 : 12;
  return size >= 0.000_01 ? 13 : size >= 0.000_001 ? 14 : -1;
}

/** Writes nine digits, of which `places` are decimals. */
function writeDigits(bytes: Buffer, start: number, digits: number, places: number): number {
  const whole = DIGITS - places;
  let at = start;
  if (whole <= 0) {
    bytes[at++] = ZERO;
    bytes[at++] = POINT;
    for (let zeros = whole; zeros < 0; zeros++) bytes[at++] = ZERO;
  }
  const point = whole > 0 ? at + whole : -1;
  const end = at + DIGITS + (whole > 0 ? 1 : 0);
  let rest = digits | 0; // an integer, so that the divisions are fast
  for (let i = end - 1; i >= at; i--) {
    if (i === point) bytes[i] = POINT;
    else {
      const tenth = (rest / 10) | 0;
      bytes[i] = ZERO + rest - tenth * 10;
      rest = tenth;
    }
  }
  return end;
}
