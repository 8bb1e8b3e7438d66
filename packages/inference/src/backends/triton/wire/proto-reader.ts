/** Thrown if bytes are not a protobuf message. */
export class ProtoError extends Error {
  override readonly name = "ProtoError";
}

/**
 * Reads a protobuf message field by field: call {@link ProtoReader.next}, then the method for the field's
 * type, or `skip`. Throws {@link ProtoError} if the message is cut or broken.
 */
export class ProtoReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #offset = 0;
  #wireType = 0;
  /** Number of the current field. */
  field = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Goes to the next field. Returns false at the end. */
  next(): boolean {
    if (this.#offset >= this.#bytes.byteLength) return false;
    const tag = this.#varint();
    this.field = Math.floor(tag / 8);
    this.#wireType = tag % 8;
    return true;
  }

  /** Reads an unsigned integer. Numbers above 2^53 are rounded. */
  integer(): number {
    this.#expect(0);
    return this.#varint();
  }

  boolean(): boolean {
    return this.integer() !== 0;
  }

  /** Reads a signed 64-bit integer. */
  signed(): number {
    this.#expect(0);
    return Number(BigInt.asIntN(64, this.#longVarint()));
  }

  double(): number {
    this.#expect(1);
    return this.#view.getFloat64(this.#advance(8), true);
  }

  text(): string {
    const { buffer, byteOffset, byteLength } = this.bytes();
    return Buffer.from(buffer, byteOffset, byteLength).toString("utf8");
  }

  /** Reads bytes, which share the message's memory. */
  bytes(): Uint8Array {
    this.#expect(2);
    const length = this.#varint();
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** Reads a message inside this message. */
  message(): ProtoReader {
    return new ProtoReader(this.bytes());
  }

  /** Reads repeated signed integers: one, or several in the packed form. */
  integers(): bigint[] {
    if (this.#wireType === 0) return [BigInt.asIntN(64, this.#longVarint())];
    const packed = this.message();
    const values: bigint[] = [];
    while (packed.#offset < packed.#bytes.byteLength) values.push(BigInt.asIntN(64, packed.#longVarint()));
    return values;
  }

  /** Reads repeated floats of 4 or 8 bytes: one, or several in the packed form. */
  floats(size: 4 | 8): number[] {
    const packed = this.#wireType === 2 ? this.message() : this;
    const end = this.#wireType === 2 ? packed.#bytes.byteLength : this.#offset + size;
    const values: number[] = [];
    while (packed.#offset < end) {
      const start = packed.#advance(size);
      values.push(size === 4 ? packed.#view.getFloat32(start, true) : packed.#view.getFloat64(start, true));
    }
    return values;
  }

  /** Leaves out a field that the caller does not know. */
  skip(): void {
    if (this.#wireType === 0) this.#varint();
    else if (this.#wireType === 1) this.#advance(8);
    else if (this.#wireType === 2) this.bytes();
    else if (this.#wireType === 5) this.#advance(4);
    else throw new ProtoError(`unknown wire type ${this.#wireType}`);
  }

  #expect(wireType: number): void {
    if (this.#wireType !== wireType)
      throw new ProtoError(`field ${this.field} has wire type ${this.#wireType} instead of ${wireType}`);
  }

  #advance(count: number): number {
    const start = this.#offset;
    this.#offset += count;
    if (this.#offset > this.#bytes.byteLength) throw new ProtoError("the message is cut");
    return start;
  }

  #varint(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 64; scale *= 0x80) {
      const byte = this.#bytes[this.#advance(1)] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw new ProtoError("a number has more than 64 bits");
  }

  #longVarint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#advance(1)] ?? 0;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new ProtoError("a number has more than 64 bits");
  }
}
