import type { Metric } from "@binnacle/core";
import { bestScore, contextScore, discoveryScore } from "@binnacle/core/stores";
import { createSearchKernel, ROWS_PER_CALL, type KernelRowsFactory } from "./kernel/search-kernel.ts";
import { RowBlock } from "./row-block.ts";
import { prepareQuery, squaredLength, type PreparedQuery, type RowSimilarity } from "./similarity.ts";
import type { TopRows } from "./top-rows.ts";

/** 64 MiB of float32, so that a large collection needs few memories. */
const BLOCK_NUMBERS = 1 << 24;
const FIRST_ROWS = 16;
/** The kernel reads four numbers at a time. */
const LANES = 4;
/** About 1 ms of comparisons by the kernel, and 2 ms without it. */
const NUMBERS_PER_TURN = { kernel: 1 << 21, plain: 1 << 20 };

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
  /** The kernel's results. Undefined without a kernel. */
  readonly results?: Float32Array | undefined;
}

/** Options of {@link VectorRows}, for tests. */
export interface VectorRowsOptions {
  /** Compiles the kernel. @default that of this engine */
  readonly kernel?: (() => KernelRowsFactory | undefined) | undefined;
}

/**
 * Dense vectors as they were written, in contiguous blocks of whole rows. A search is one pass over the
 * blocks. The kernel finds the rows that may be among the best, and the plain loop scores these in double
 * precision. So the scores do not depend on the kernel. Cosine uses an inverse norm per row, so there is no
 * second copy of the vectors.
 */
export class VectorRows {
  readonly dimensions: number;
  readonly metric: Metric;
  readonly #stride: number;
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
    this.#stride = Math.ceil(dimensions / LANES) * LANES;
    this.#rowsPerBlock = Math.max(1, Math.floor(BLOCK_NUMBERS / this.#stride));
    this.#compile = kernel;
  }

  /** Writes a vector and replaces the row's old one. */
  set(row: number, vector: Float32Array): void {
    const { block, at } = this.#reserve(row);
    block.numbers.set(vector, at);
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
    const at = (row % this.#rowsPerBlock) * this.#stride;
    return this.#blocks[Math.floor(row / this.#rowsPerBlock)]?.numbers.slice(at, at + this.dimensions);
  }

  /**
   * Offers every row that `admits` accepts and whose similarity is not below `minScore`. Yields after each
   * turn of about 2 ms, so that a caller may let other work run. The rows must not change meanwhile.
   */
  *scan(query: Float32Array, top: TopRows, limits: RowLimits): Generator<void> {
    const prepared = prepareQuery(query, this.metric);
    const coarse = new Float32Array(this.#stride);
    coarse.set(prepared.numbers);
    let compared = 0;
    for (const range of this.#ranges()) {
      const { block, first, count } = range;
      const results = block.compare(this.metric, coarse, first, count);
      this.#offer({ ...range, results }, prepared, top, limits);
      compared += count * this.#stride;
      const most = results === undefined ? NUMBERS_PER_TURN.plain : NUMBERS_PER_TURN.kernel;
      if (limits.admits === undefined && compared < most) continue;
      yield;
      compared = 0;
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
      this.#offer(range, { similarity, bound: () => Number.NaN }, top, limits);
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
    const rows = Math.max(1, Math.min(most, Math.floor(NUMBERS_PER_TURN.plain / this.#stride)));
    for (let row = 0; row < this.#end;) {
      const first = row % this.#rowsPerBlock;
      const block = this.#blocks[Math.floor(row / this.#rowsPerBlock)];
      if (block === undefined) return;
      const count = Math.min(rows, this.#end - row, this.#rowsPerBlock - first);
      yield { block, first, row, count };
      row += count;
    }
  }

  #offer(
    { block, first, row: start, count, results }: RowRange,
    { similarity, bound }: Pick<PreparedQuery, "similarity" | "bound">,
    top: TopRows,
    { admits, minScore }: RowLimits,
  ): void {
    const { numbers } = block;
    for (let i = 0; i < count; i++) {
      const row = start + i;
      const inverseNorm = this.#inverseNorms[row] ?? 0; // `?? 0` never applies
      if (inverseNorm === 0) continue;
      // Not a number is below nothing.
      if (results !== undefined && bound(results[i] ?? 0, inverseNorm) < Math.max(top.least, minScore))
        continue;
      if (admits && !admits(row)) continue;
      const score = similarity(numbers, (first + i) * this.#stride, inverseNorm);
      if (score >= minScore) top.offer(row, score);
    }
  }

  #reserve(row: number): { readonly block: RowBlock; readonly at: number } {
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
      if (block !== undefined) return { block, at: first * this.#stride };
      this.#blocks.push(new RowBlock(this.#stride, () => this.#compiled()));
    }
  }

  #compiled(): KernelRowsFactory | undefined {
    this.#kernel ??= { factory: this.#compile() };
    return this.#kernel.factory;
  }
}
