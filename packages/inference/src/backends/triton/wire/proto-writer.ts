/** Writes a protobuf message (https://protobuf.dev/programming-guides/encoding). */
export class ProtoWriter {
  #bytes: Buffer;
  #length = 0;

  /** `expectedBytes` saves copies if the size is known. */
  constructor(expectedBytes = 256) {
    this.#bytes = Buffer.allocUnsafe(expectedBytes);
  }

  /** Writes an integer or a boolean. */
  integer(field: number, value: number | bigint | boolean): this {
    this.#varint(field * 8);
    this.#varint(Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : BigInt(value));
    return this;
  }

  /** Writes a 64-bit float. */
  double(field: number, value: number): this {
    this.#varint(field * 8 + 1);
    this.#reserve(8);
    this.#length = this.#bytes.writeDoubleLE(value, this.#length);
    return this;
  }

  text(field: number, value: string): this {
    const length = Buffer.byteLength(value);
    this.#header(field, length);
    this.#length += this.#bytes.write(value, this.#length);
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    this.#header(field, value.byteLength);
    this.#bytes.set(value, this.#length);
    this.#length += value.byteLength;
    return this;
  }

  message(field: number, write: (writer: ProtoWriter) => void): this {
    const writer = new ProtoWriter();
    write(writer);
    return this.bytes(field, writer.finish());
  }

  /** Writes repeated integers in the packed form. */
  integers(field: number, values: readonly number[]): this {
    const writer = new ProtoWriter(10 * values.length);
    for (const value of values) writer.#varint(value < 0 ? BigInt(value) : value);
    return this.bytes(field, writer.finish());
  }

  finish(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #header(field: number, length: number): void {
    this.#varint(field * 8 + 2);
    this.#varint(length);
    this.#reserve(length);
  }

  #varint(value: number | bigint): void {
    this.#reserve(10);
    if (typeof value === "bigint") return this.#longVarint(BigInt.asUintN(64, value));
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.#bytes[this.#length++] = (rest % 0x80) | 0x80;
    this.#bytes[this.#length++] = rest;
  }

  #longVarint(value: bigint): void {
    let rest = value;
    for (; rest >= 0x80n; rest >>= 7n) this.#bytes[this.#length++] = Number(rest & 0x7fn) | 0x80;
    this.#bytes[this.#length++] = Number(rest);
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.byteLength) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.byteLength));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
