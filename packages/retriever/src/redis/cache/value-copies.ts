const slabBytes = 64 * 1024;
/** The alignment of each copy, so that numbers of any type can be read in place. */
const alignment = 8;

/**
 * Copies the values of one reply out of the client's memory, which holds whole replies and is not aligned. Small
 * values share buffers, because creating a buffer costs more than filling it. A caller that keeps one small value
 * keeps at most 64 KiB alive.
 */
export class ValueCopies {
  #slab = new Uint8Array(0);
  #used = 0;
  /** Bytes that the values which are not copied yet can take. */
  #left: number;

  /** Takes the values that will be copied, so that a reply with little takes little memory. */
  constructor(values: readonly unknown[]) {
    this.#left = values.reduce<number>((sum, value) => sum + roomFor(value), 0);
  }

  /** Copies a value that follows `skip` bytes. */
  of(bytes: Uint8Array, skip = 0): Uint8Array {
    const size = bytes.byteLength - skip;
    if (!isShared(bytes)) return new Uint8Array(bytes.subarray(skip));
    // The skipped bytes are copied too, because a view of the rest costs more.
    const start = Math.ceil((this.#used + skip) / alignment) * alignment;
    if (start + size > this.#slab.byteLength) {
      // Not zeroed: a value overwrites its part.
      this.#slab = Buffer.allocUnsafeSlow(Math.min(slabBytes, Math.max(this.#left, roomFor(bytes))));
      this.#used = 0;
      return this.of(bytes, skip);
    }
    this.#slab.set(bytes, start - skip);
    this.#used = start + size;
    this.#left -= roomFor(bytes);
    return new Uint8Array(this.#slab.buffer, start, size);
  }
}

/** Returns the most bytes that a value takes in a shared buffer. */
function roomFor(value: unknown): number {
  return value instanceof Uint8Array && isShared(value) ? value.byteLength + alignment : 0;
}

/** Returns true if the value shares a buffer with others. */
function isShared({ byteLength }: Uint8Array): boolean {
  return byteLength <= slabBytes / 4;
}
