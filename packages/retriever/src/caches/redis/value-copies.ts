const slabBytes = 64 * 1024;
/** The alignment of each copy, so that numbers of any type can be read in place. */
const alignment = 8;

/**
 * Copies values out of the client's memory, which holds whole replies and is not aligned. Small values share
 * buffers, because creating a buffer costs more than filling it. A caller that keeps one small value keeps at
 * most 64 KiB alive.
 */
export class ValueCopies {
  #slab = new ArrayBuffer(0);
  #used = 0;

  of(value: Uint8Array): Uint8Array {
    const { byteLength } = value;
    if (byteLength > slabBytes / 4) return new Uint8Array(value);
    if (this.#used + byteLength > this.#slab.byteLength) {
      this.#slab = new ArrayBuffer(slabBytes);
      this.#used = 0;
    }
    const copy = new Uint8Array(this.#slab, this.#used, byteLength);
    copy.set(value);
    this.#used += Math.ceil(byteLength / alignment) * alignment;
    return copy;
  }
}
