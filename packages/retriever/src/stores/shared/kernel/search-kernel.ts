import { kernelBytes } from "./kernel-bytes.ts";

/** Takes the addresses and counts that kernel.wat names. */
type Run = (...numbers: readonly number[]) => void;

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
      ) => { readonly exports: { readonly quantize: Run; readonly bounds: Run } };
    }
  | undefined;

const PAGE_BYTES = 65_536;
/** The kernel reads this many numbers of a row at a time. */
const LANES = 32;
/** The scale and the error of a row. */
const TRAILER_BYTES = 16;
/** More numbers could overflow the kernel's sums. */
const MOST_DIMENSIONS = 8192;
/** The most rows of one comparison. */
export const ROWS_PER_CALL = 4096;

/** A query of the kernel. */
export interface KernelQuery {
  /** At most 8,000 each, and their sign. */
  readonly numbers: Int16Array;
  /** The length of the vector that the numbers are. */
  readonly reach: number;
}

/** Rows of int8 in the kernel's own memory. */
export interface KernelRows {
  /** Makes room for this many rows. Returns false if there is no memory left. */
  reserve(rows: number): boolean;
  /** Writes a row. */
  set(row: number, vector: Float32Array): void;
  /**
   * Compares a query with `count` rows, at most {@link ROWS_PER_CALL}, from row `first`. Returns upper bounds of
   * the inner products of the query's numbers and the rows. The next call overwrites them.
   */
  bounds(query: KernelQuery, first: number, count: number): Float32Array;
}

/** Makes room for rows of `dimensions` numbers. Undefined if there is no memory or the rows are too long. */
export type KernelRowsFactory = (dimensions: number) => KernelRows | undefined;

/** Compiles the kernel. Undefined in an engine without WebAssembly's SIMD. */
export function createSearchKernel(): KernelRowsFactory | undefined {
  try {
    if (typeof WebAssembly === "undefined") return undefined;
    const module = new WebAssembly.Module(new Uint8Array(Buffer.from(kernelBytes, "base64")));
    return (dimensions) => (dimensions > MOST_DIMENSIONS ? undefined : createRows(module, dimensions));
  } catch {
    return undefined; // the plain loop serves
  }
}

function createRows(module: object, dimensions: number): KernelRows | undefined {
  if (typeof WebAssembly === "undefined") return undefined;
  const bytes = Math.ceil(dimensions / LANES) * LANES;
  const rowBytes = bytes + TRAILER_BYTES;
  // The memory begins with a vector of float32, then a query of int16, then the results.
  const queryAt = bytes * Float32Array.BYTES_PER_ELEMENT;
  const out = queryAt + bytes * Int16Array.BYTES_PER_ELEMENT;
  const rowsAt = out + ROWS_PER_CALL * Float32Array.BYTES_PER_ELEMENT;
  try {
    const memory = new WebAssembly.Memory({ initial: Math.ceil(rowsAt / PAGE_BYTES) });
    const { exports } = new WebAssembly.Instance(module, { kernel: { memory } });
    const { quantize, bounds } = exports;
    let vectorIn = new Float32Array(memory.buffer, 0, dimensions);
    return {
      reserve(rows) {
        const missing = rowsAt + rows * rowBytes - memory.buffer.byteLength;
        if (missing <= 0) return true;
        try {
          memory.grow(Math.ceil(missing / PAGE_BYTES));
        } catch {
          return false;
        }
        vectorIn = new Float32Array(memory.buffer, 0, dimensions);
        return true;
      },
      set(row, vector) {
        vectorIn.set(vector);
        quantize(0, bytes, rowsAt + row * rowBytes);
      },
      bounds({ numbers, reach }, first, count) {
        new Int16Array(memory.buffer, queryAt, dimensions).set(numbers);
        bounds(queryAt, rowsAt + first * rowBytes, bytes, count, reach, out);
        return new Float32Array(memory.buffer, out, count);
      },
    };
  } catch {
    return undefined; // no address space for another memory
  }
}
