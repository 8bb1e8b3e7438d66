import type { Metric } from "@binnacle/core";
import { kernelBytes } from "./kernel-bytes.ts";

/** Takes the addresses and counts that kernel.wat names. */
type Compare = (...numbers: readonly number[]) => void;

interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

// Node's types do not declare it. Undefined in an engine that runs no WebAssembly.
declare const WebAssembly:
  | {
      readonly Module: new (bytes: Uint8Array) => object;
      readonly Memory: new (limits: { readonly initial: number }) => Memory;
      readonly Instance: new (
        module: object,
        imports: { readonly kernel: { readonly memory: Memory } },
      ) => { readonly exports: { readonly innerProducts: Compare; readonly squaredDistances: Compare } };
    }
  | undefined;

const PAGE_BYTES = 65_536;
const NUMBER_BYTES = 4;
/** The most rows of one comparison. */
export const ROWS_PER_CALL = 4096;

/** Rows of float32 in the kernel's own memory. */
export interface KernelRows {
  /** The rows, one after the other. Replaced by `reserve`. */
  readonly numbers: Float32Array;
  /** Makes room for this many numbers. Returns false if there is no memory left. */
  reserve(numbers: number): boolean;
  /**
   * Compares a query with `count` rows, at most {@link ROWS_PER_CALL}, from row `first`. Returns inner products,
   * or squared distances for `euclid`. The next call overwrites them.
   */
  compare(metric: Metric, query: Float32Array, first: number, count: number): Float32Array;
}

/** Makes room for rows of `stride` numbers, a multiple of 4. Undefined if there is no memory. */
export type KernelRowsFactory = (stride: number) => KernelRows | undefined;

/** Compiles the kernel. Undefined in an engine without WebAssembly's SIMD. */
export function createSearchKernel(): KernelRowsFactory | undefined {
  try {
    if (typeof WebAssembly === "undefined") return undefined;
    const module = new WebAssembly.Module(new Uint8Array(Buffer.from(kernelBytes, "base64")));
    return (stride) => createRows(module, stride);
  } catch {
    return undefined; // the plain loop serves
  }
}

function createRows(module: object, stride: number): KernelRows | undefined {
  if (typeof WebAssembly === "undefined") return undefined;
  const rowBytes = stride * NUMBER_BYTES;
  const out = rowBytes; // the query stands before it
  const rowsAt = out + ROWS_PER_CALL * NUMBER_BYTES;
  try {
    const memory = new WebAssembly.Memory({ initial: Math.ceil(rowsAt / PAGE_BYTES) });
    const { exports } = new WebAssembly.Instance(module, { kernel: { memory } });
    const { innerProducts, squaredDistances } = exports;
    const viewOf = (): Float32Array => new Float32Array(memory.buffer, rowsAt);
    let numbers = viewOf();
    return {
      get numbers() {
        return numbers;
      },
      reserve(wanted) {
        if (numbers.length >= wanted) return true;
        try {
          memory.grow(Math.ceil(((wanted - numbers.length) * NUMBER_BYTES) / PAGE_BYTES));
        } catch {
          return false;
        }
        numbers = viewOf();
        return true;
      },
      compare(metric, query, first, count) {
        new Float32Array(memory.buffer, 0, stride).set(query);
        const run = metric === "euclid" ? squaredDistances : innerProducts;
        run(0, rowsAt + first * rowBytes, rowBytes, count, out);
        return new Float32Array(memory.buffer, out, count);
      },
    };
  } catch {
    return undefined; // no address space for another memory
  }
}
