import type { Metric } from "@binnacle/core";
import { bestScore, contextScore, discoveryScore } from "@binnacle/core/stores";
import { createSearchKernel, ROWS_PER_CALL, type KernelRowsFactory } from "./kernel/search-kernel.ts";
import { RowBlock } from "./row-block.ts";
import { coarseQuery } from "./coarse-query.ts";
import { prepareQuery, squaredLength, type RowSimilarity } from "./similarity.ts";
import type { TopRows } from "./top-rows.ts";

/** 16 MiB of float32. A larger block would need too long to grow, and smaller ones would need many kernels. */
const BLOCK_NUMBERS = 1 << 22;
const FIRST_ROWS = 16;
/** About 2 ms of exact comparisons. */
const NUMBERS_PER_TURN = 1 << 20;
/** How much faster the kernel compares. */
const KERNEL_SPEED = 4;

/** The rows that a scan offers. */
export interface RowLimits {
  readonly admits?: ((row: number) => boolean) | undefined;
  readonly minScore: number;
}

/** The vectors of a `DiscoverLeg`. */
export interface ContextQuery {
  readonly pairs: readonly { readonly like: Float32Array; readonly unlike: Float32Array }[];
  readonly target: Float32Array | undefined;
}

/** Rows that are compared in one go. */
interface RowRange {
  readonly block: RowBlock;
  /** The row's number within the block. */
  readonly first: number;
  readonly row: number;
  readonly count: number;
}

/** How a range of rows is scored. */
interface RowScore {
  readonly similarity: RowSimilarity;
  /** Returns a score that the row at a place of the range does not exceed. Undefined without a kernel. */
  readonly upperBound?: ((i: number, inverseNorm: number) => number) | undefined;
}

/** Options of {@link VectorRows}, for tests. */
export interface VectorRowsOptions {
  /** Compiles the kernel. @default that of this engine */
  readonly kernel?: (() => KernelRowsFactory | undefined) | undefined;
}

/**
 * Dense vectors as they were written, in contiguous blocks of whole rows. A search is one pass over the
 * blocks. The kernel compares numbers of eight bits and returns upper bounds, which rule out nearly all rows. The
 * plain loop scores the others in double precision. So neither the hits nor the scores depend on the kernel.
 * Cosine uses an inverse norm per row.
 */
export class VectorRows {
  readonly dimensions: number;
  readonly metric: Metric;
  readonly #rowsPerBlock: number;
  readonly #compile: () => KernelRowsFactory | undefined;
  readonly #blocks: RowBlock[] = [];
  #kernel: { readonly factory: KernelRowsFactory | undefined } | undefined;
  /** 0 marks a row without a vector. */
  #inverseNorms: Float64Array = new Float64Array(FIRST_ROWS);
  #end = 0;

  constructor(dimensions: number, metric: Metric, { kernel = createSearchKernel }: VectorRowsOptions = {}) {
    this.dimensions = dimensions;
    this.metric = metric;
    this.#rowsPerBlock = Math.max(1, Math.floor(BLOCK_NUMBERS / dimensions));
    this.#compile = kernel;
  }

  /** Makes room for rows up to this number, so that writing them copies no vectors. */
  reserve(rows: number): void {
    for (let first = 0; first < rows; first += this.#rowsPerBlock)
      this.#reserve(Math.min(rows, first + this.#rowsPerBlock) - 1);
  }

  /** Writes a vector and replaces the row's old one. */
  set(row: number, vector: Float32Array): void {
    this.#reserve(row).set(row % this.#rowsPerBlock, vector);
    this.#inverseNorms[row] = 1 / Math.sqrt(squaredLength(vector));
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
    return this.#blocks[Math.floor(row / this.#rowsPerBlock)]?.numbers.slice(at, at + this.dimensions);
  }

  /**
   * Offers every row that `admits` accepts and whose similarity is not below `minScore`. Yields after each
   * turn of about 2 ms, so that a caller may let other work run. The rows must not change meanwhile.
   */
  *scan(query: Float32Array, top: TopRows, limits: RowLimits): Generator<void> {
    const { numbers, similarity } = prepareQuery(query, this.metric);
    const coarse = coarseQuery(numbers, this.metric);
    let work = 0;
    for (const range of this.#ranges()) {
      const { block, first, count } = range;
      const bounds = coarse && block.bounds(coarse.query, first, count);
      const upperBound =
        bounds && ((i: number, inverseNorm: number) => coarse.upperBound(bounds[i] ?? 0, inverseNorm));
      const scored = this.#offer(range, { similarity, upperBound }, top, limits);
      work += (scored + count / KERNEL_SPEED) * this.dimensions;
      if (limits.admits === undefined && work < NUMBERS_PER_TURN) continue;
      yield;
      work = 0;
    }
  }

  /** The same with strategy `best` of a `LikeLeg`. */
  *scanBest(
    { like, unlike }: { readonly like: readonly Float32Array[]; readonly unlike: readonly Float32Array[] },
    top: TopRows,
    limits: RowLimits,
  ): Generator<void> {
    const [toLike, toUnlike] = [this.#closeness(like), this.#closeness(unlike)];
    const similarity: RowSimilarity = (block, at, inverseNorm) =>
      bestScore(toLike(block, at, inverseNorm), toUnlike(block, at, inverseNorm));
    yield* this.#scanBy(similarity, like.length + unlike.length, top, limits);
  }

  /** The same with a `DiscoverLeg`. */
  *scanContext({ pairs, target }: ContextQuery, top: TopRows, limits: RowLimits): Generator<void> {
    const sides = pairs.map(
      ({ like, unlike }) => [this.#closeness([like]), this.#closeness([unlike])] as const,
    );
    const toTarget = target && this.#closeness([target]);
    const similarity: RowSimilarity = (...row) => {
      const differences = sides.map(([like, unlike]) => like(...row) - unlike(...row));
      return toTarget ? discoveryScore(differences, toTarget(...row)) : contextScore(differences);
    };
    yield* this.#scanBy(similarity, 2 * pairs.length + 1, top, limits);
  }

  /** Offers every row with its score. `comparisons` is the number of vectors that a row is compared with. */
  *#scanBy(similarity: RowSimilarity, comparisons: number, top: TopRows, limits: RowLimits): Generator<void> {
    for (const range of this.#ranges(Math.ceil(ROWS_PER_CALL / comparisons))) {
      this.#offer(range, { similarity }, top, limits);
      yield;
    }
  }

  /** Returns the highest similarity to the seeds, which is the negated square of the distance for `euclid`. */
  #closeness(seeds: readonly Float32Array[]): RowSimilarity {
    const similarities = seeds.map((seed) => prepareQuery(seed, this.metric).similarity);
    const isEuclidean = this.metric === "euclid";
    return (block, at, inverseNorm) => {
      let best = -Infinity;
      for (const similarity of similarities) best = Math.max(best, similarity(block, at, inverseNorm));
      return isEuclidean ? -best * best : best;
    };
  }

  /** Ranges of rows that fit in one turn without a kernel. */
  *#ranges(most: number = ROWS_PER_CALL): Generator<RowRange> {
    const rows = Math.max(1, Math.min(most, Math.floor(NUMBERS_PER_TURN / this.dimensions)));
    for (let row = 0; row < this.#end;) {
      const first = row % this.#rowsPerBlock;
      const block = this.#blocks[Math.floor(row / this.#rowsPerBlock)];
      if (block === undefined) return;
      const count = Math.min(rows, this.#end - row, this.#rowsPerBlock - first);
      yield { block, first, row, count };
      row += count;
    }
  }

  /** Returns the number of rows that were compared exactly. */
  #offer(
    { block, first, row: start, count }: RowRange,
    { similarity, upperBound }: RowScore,
    top: TopRows,
    { admits, minScore }: RowLimits,
  ): number {
    const { numbers } = block;
    let scored = 0;
    for (let i = 0; i < count; i++) {
      const row = start + i;
      const inverseNorm = this.#inverseNorms[row] ?? 0; // `?? 0` never applies
      if (inverseNorm === 0) continue;
      // Not a number is below nothing.
      if (upperBound && upperBound(i, inverseNorm) < Math.max(top.least, minScore)) continue;
      if (admits && !admits(row)) continue;
      scored += 1;
      const score = similarity(numbers, (first + i) * this.dimensions, inverseNorm);
      if (score >= minScore) top.offer(row, score);
    }
    return scored;
  }

  #reserve(row: number): RowBlock {
    if (row >= this.#inverseNorms.length) {
      const grown = new Float64Array(Math.max(row + 1, this.#inverseNorms.length * 2));
      grown.set(this.#inverseNorms);
      this.#inverseNorms = grown;
    }
    const index = Math.floor(row / this.#rowsPerBlock);
    for (;;) {
      const block = this.#blocks[index];
      const first = row % this.#rowsPerBlock;
      block?.reserve(Math.max(first + 1, Math.min(FIRST_ROWS, this.#rowsPerBlock)), this.#rowsPerBlock);
      if (block !== undefined) return block;
      this.#blocks.push(new RowBlock(this.dimensions, () => this.#compiled()));
    }
  }

  #compiled(): KernelRowsFactory | undefined {
    this.#kernel ??= { factory: this.#compile() };
    return this.#kernel.factory;
  }
}
