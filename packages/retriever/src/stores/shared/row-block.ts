import type { Metric } from "@binnacle/core";
import type { KernelRows, KernelRowsFactory } from "./kernel/search-kernel.ts";

/** Below 256 KiB a plain loop is fast enough. A store may hold thousands of small tenants. */
const KERNEL_NUMBERS = 1 << 16;
/** A block grows by at most 4 MiB, so that no write pauses long. */
const MOST_GROWTH = 1 << 20;

/** Rows of one length, one after the other. Larger blocks are in the kernel's memory if there is a kernel. */
export class RowBlock {
  readonly #stride: number;
  readonly #kernel: () => KernelRowsFactory | undefined;
  #plain: Float32Array = new Float32Array();
  #rows: KernelRows | undefined;

  /** `kernel` is called once, when the block becomes large. */
  constructor(stride: number, kernel: () => KernelRowsFactory | undefined) {
    this.#stride = stride;
    this.#kernel = kernel;
  }

  /** The numbers of the rows. Replaced by `reserve`. */
  get numbers(): Float32Array {
    return this.#rows?.numbers ?? this.#plain;
  }

  /** Makes room for this many rows. `most` is the number of rows that the block ever holds. */
  reserve(rows: number, most: number): void {
    const needed = rows * this.#stride;
    const held = this.numbers.length;
    if (held >= needed) return;
    const doubled = Math.max(needed, Math.min(held * 2, held + MOST_GROWTH));
    const wanted = Math.min(doubled, most * this.#stride);
    if (this.#rows?.reserve(wanted) === true) return;
    if (this.#rows === undefined && wanted >= KERNEL_NUMBERS && this.#enterKernel(wanted)) return;
    const grown = new Float32Array(wanted);
    grown.set(this.numbers);
    this.#plain = grown;
    this.#rows = undefined;
  }

  /** Compares a query with rows by the kernel. Undefined without a kernel. */
  compare(metric: Metric, query: Float32Array, first: number, count: number): Float32Array | undefined {
    return this.#rows?.compare(metric, query, first, count);
  }

  #enterKernel(wanted: number): boolean {
    const rows = this.#kernel()?.(this.#stride);
    if (rows?.reserve(wanted) !== true) return false;
    rows.numbers.set(this.#plain);
    this.#rows = rows;
    this.#plain = new Float32Array();
    return true;
  }
}
