import type { KernelQuery, KernelRows, KernelRowsFactory } from "./kernel/search-kernel.ts";

/** Below 256 KiB a plain loop is fast enough. A store may hold thousands of small tenants. */
const KERNEL_NUMBERS = 1 << 16;

/** Rows of one length, one after the other. Larger blocks have a copy in the kernel if there is a kernel. */
export class RowBlock {
  readonly #dimensions: number;
  readonly #kernel: () => KernelRowsFactory | undefined;
  #numbers: Float32Array = new Float32Array();
  #rows: KernelRows | undefined;
  /** Rows up to here may have been written. */
  #end = 0;

  /** `kernel` is called once, when the block becomes large. */
  constructor(dimensions: number, kernel: () => KernelRowsFactory | undefined) {
    this.#dimensions = dimensions;
    this.#kernel = kernel;
  }

  /** The numbers of the rows. Replaced by `reserve`. */
  get numbers(): Float32Array {
    return this.#numbers;
  }

  /** Makes room for this many rows. `most` is the number of rows that the block ever holds. */
  reserve(rows: number, most: number): void {
    const needed = rows * this.#dimensions;
    const held = this.#numbers.length;
    if (held >= needed) return;
    const numbers = new Float32Array(Math.min(Math.max(needed, held * 2), most * this.#dimensions));
    numbers.set(this.#numbers);
    this.#numbers = numbers;
    if (numbers.length >= KERNEL_NUMBERS) this.#enterKernel(numbers.length / this.#dimensions);
  }

  /** Writes a row, for which there must be room. */
  set(row: number, vector: Float32Array): void {
    this.#numbers.set(vector, row * this.#dimensions);
    this.#rows?.set(row, vector);
    this.#end = Math.max(this.#end, row + 1);
  }

  /** Returns upper bounds by the kernel. Undefined without a kernel. */
  bounds(query: KernelQuery, first: number, count: number): Float32Array | undefined {
    return this.#rows?.bounds(query, first, count);
  }

  #enterKernel(rows: number): void {
    if (this.#rows) {
      if (!this.#rows.reserve(rows)) this.#rows = undefined;
      return;
    }
    if (this.#end * this.#dimensions > KERNEL_NUMBERS) return; // it did not fit before
    const entered = this.#kernel()?.(this.#dimensions);
    if (entered?.reserve(rows) !== true) return;
    for (let row = 0; row < this.#end; row++)
      entered.set(row, this.#numbers.subarray(row * this.#dimensions, (row + 1) * this.#dimensions));
    this.#rows = entered;
  }
}
