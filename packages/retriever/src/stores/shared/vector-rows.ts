import type { Metric } from "@binnacle/core";
import { bestScore } from "@binnacle/core/stores";
import type { TopRows } from "./top-rows.ts";

/** 4 MiB of float32: large enough for scans at memory speed, small enough to allocate without a pause. */
const BLOCK_NUMBERS = 1 << 20;
const FIRST_ROWS = 16;

/** Compares `query` with the `dimensions` numbers of `block` from position `at`. Higher is better. */
type Compare = (query: Float64Array, block: Float32Array, at: number) => number;

/** The similarity of a query to the row that begins at `at`. */
type RowSimilarity = (block: Float32Array, at: number, inverseNorm: number) => number;

/** The rows that a scan offers. */
export interface RowLimits {
  readonly admits?: ((row: number) => boolean) | undefined;
  readonly minScore: number;
}

/** Dense vectors as they were written, in contiguous blocks of whole rows. A full block never moves. A
 * search is one pass over the blocks. Cosine uses an inverse norm per row, so there is no second copy of
 * the vectors. */
export class VectorRows {
  readonly dimensions: number;
  readonly metric: Metric;
  readonly #rowsPerBlock: number;
  readonly #blocks: Float32Array[] = [];
  /** 0 marks a row without a vector. */
  #inverseNorms: Float64Array = new Float64Array(FIRST_ROWS);
  #end = 0;

  constructor(dimensions: number, metric: Metric) {
    this.dimensions = dimensions;
    this.metric = metric;
    this.#rowsPerBlock = Math.max(1, Math.floor(BLOCK_NUMBERS / dimensions));
  }

  /** Writes a vector and replaces the row's old one. */
  set(row: number, vector: Float32Array): void {
    const { block, at } = this.#reserve(row);
    block.set(vector, at);
    let squares = 0;
    for (const value of vector) squares += value * value;
    this.#inverseNorms[row] = 1 / Math.sqrt(squares);
    this.#end = Math.max(this.#end, row + 1);
  }

  /** Frees a row for another vector. */
  clear(row: number): void {
    if (row < this.#end) this.#inverseNorms[row] = 0;
  }

  /** Returns a copy of a row as it was written. */
  get(row: number): Float32Array | undefined {
    if (!this.#inverseNorms[row]) return undefined;
    const at = (row % this.#rowsPerBlock) * this.dimensions;
    return this.#blocks[Math.floor(row / this.#rowsPerBlock)]?.slice(at, at + this.dimensions);
  }

  /** Offers every row that `admits` accepts and whose similarity is not below `minScore`. */
  scan(query: Float32Array, top: TopRows, limits: RowLimits): void {
    this.#offer(this.#similarityTo(query), top, limits);
  }

  /** The same with strategy `best` of a `LikeLeg`. */
  scanBest(
    { like, unlike }: { readonly like: readonly Float32Array[]; readonly unlike: readonly Float32Array[] },
    top: TopRows,
    limits: RowLimits,
  ): void {
    const closeness = (seeds: readonly Float32Array[]): RowSimilarity => {
      const similarities = seeds.map((seed) => this.#similarityTo(seed));
      const isEuclidean = this.metric === "euclid";
      return (block, at, inverseNorm) => {
        let best = -Infinity;
        for (const similarity of similarities) best = Math.max(best, similarity(block, at, inverseNorm));
        return isEuclidean ? -best * best : best;
      };
    };
    const [toLike, toUnlike] = [closeness(like), closeness(unlike)];
    const score: RowSimilarity = (block, at, inverseNorm) =>
      bestScore(toLike(block, at, inverseNorm), toUnlike(block, at, inverseNorm));
    this.#offer(score, top, limits);
  }

  #offer(similarity: RowSimilarity, top: TopRows, { admits, minScore }: RowLimits): void {
    let row = 0;
    for (const block of this.#blocks) {
      const end = Math.min(this.#end, row + this.#rowsPerBlock);
      for (let at = 0; row < end; row++, at += this.dimensions) {
        const inverseNorm = this.#inverseNorms[row] ?? 0; // `?? 0` never applies, as below
        if (inverseNorm === 0 || (admits && !admits(row))) continue;
        const score = similarity(block, at, inverseNorm);
        if (score >= minScore) top.offer(row, score);
      }
    }
  }

  #similarityTo(query: Float32Array): RowSimilarity {
    const prepared = prepareQuery(query, this.metric);
    const compare = this.metric === "euclid" ? negativeDistance : innerProduct;
    if (this.metric !== "cosine") return (block, at) => compare(prepared, block, at);
    return (block, at, inverseNorm) => clampCosine(compare(prepared, block, at) * inverseNorm);
  }

  #reserve(row: number): { readonly block: Float32Array; readonly at: number } {
    if (row >= this.#inverseNorms.length) {
      const grown = new Float64Array(Math.max(row + 1, this.#inverseNorms.length * 2));
      grown.set(this.#inverseNorms);
      this.#inverseNorms = grown;
    }
    const index = Math.floor(row / this.#rowsPerBlock);
    while (this.#blocks.length <= index) this.#blocks.push(this.#newBlock(this.#blocks.length));
    const at = (row % this.#rowsPerBlock) * this.dimensions;
    return { block: this.#grown(index, at + this.dimensions), at };
  }

  // Only the first block starts small, because a store may hold thousands of small tenants.
  #newBlock(index: number): Float32Array {
    const rows = index === 0 ? Math.min(FIRST_ROWS, this.#rowsPerBlock) : this.#rowsPerBlock;
    return new Float32Array(rows * this.dimensions);
  }

  #grown(index: number, needed: number): Float32Array {
    const block = this.#blocks[index] ?? this.#newBlock(index);
    if (block.length >= needed) return block;
    const full = this.#rowsPerBlock * this.dimensions;
    const grown = new Float32Array(Math.min(full, Math.max(needed, block.length * 2)));
    grown.set(block);
    this.#blocks[index] = grown;
    return grown;
  }
}

function prepareQuery(query: Float32Array, metric: Metric): Float64Array {
  const prepared = Float64Array.from(query);
  if (metric !== "cosine") return prepared;
  let squares = 0;
  for (const value of prepared) squares += value * value;
  const scale = 1 / Math.sqrt(squares);
  return prepared.map((value) => value * scale);
}

// Rounding may put a vector's similarity to itself slightly above 1.
function clampCosine(value: number): number {
  return Math.max(-1, Math.min(1, value));
}

// Four independent sums. `?? 0` never applies, and costs nothing once compiled.
const innerProduct: Compare = (query, block, at) => {
  const { length } = query;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (const end = length - 3; i < end; i += 4) {
    a += (query[i] ?? 0) * (block[at + i] ?? 0);
    b += (query[i + 1] ?? 0) * (block[at + i + 1] ?? 0);
    c += (query[i + 2] ?? 0) * (block[at + i + 2] ?? 0);
    d += (query[i + 3] ?? 0) * (block[at + i + 3] ?? 0);
  }
  for (; i < length; i++) a += (query[i] ?? 0) * (block[at + i] ?? 0);
  return a + b + (c + d);
};

const negativeDistance: Compare = (query, block, at) => {
  const { length } = query;
  let a = 0;
  let b = 0;
  let i = 0;
  for (const end = length - 1; i < end; i += 2) {
    const first = (query[i] ?? 0) - (block[at + i] ?? 0);
    const second = (query[i + 1] ?? 0) - (block[at + i + 1] ?? 0);
    a += first * first;
    b += second * second;
  }
  if (i < length) {
    const last = (query[i] ?? 0) - (block[at + i] ?? 0);
    a += last * last;
  }
  return a + b === 0 ? 0 : -Math.sqrt(a + b);
};
