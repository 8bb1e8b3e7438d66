import { setImmediate as nextTurn } from "node:timers/promises";
import type { SparseVector, TermStatistics } from "@binnacle/core";
import { elementAt } from "@binnacle/core/kit";
import {
  rankHits,
  resolveSeeds,
  type RankableLeg,
  type Ranked,
  type RankedHit,
  type ResolvedSpec,
  type SearchPlan,
} from "@binnacle/core/stores";
import type { IndexedPoint, PointVectors } from "./indexed-point.ts";
import { InvertedRows } from "./inverted-rows.ts";
import { TopRows } from "./top-rows.ts";
import { VectorRows } from "./vector-rows.ts";

/** A point that a search found. */
export interface IndexHit<P extends IndexedPoint> extends Omit<RankedHit<number>, "key"> {
  readonly point: P;
}

/** The points of one tenant of one collection, ready for searches. Rows are reused after a removal.
 * Vectors are in contiguous blocks, and terms in postings. Synchronous and without I/O. For the memory
 * store this is the only copy; for SQLite it is the search index. */
export class CollectionIndex<P extends IndexedPoint> {
  readonly #rowOf = new Map<string, number>();
  readonly #points: (P | undefined)[] = [];
  readonly #free: number[] = [];
  readonly #dense: VectorRows | undefined;
  readonly #sparse: InvertedRows | undefined;
  #changes = 0;

  /**
   * With `inWorker`, the thread has no other work. Rows then enter the lexical index all at once, when the first
   * search needs it.
   */
  constructor(
    spec: Pick<ResolvedSpec, "dense" | "sparse">,
    { inWorker = false }: { readonly inWorker?: boolean } = {},
  ) {
    this.#dense = spec.dense && new VectorRows(spec.dense.dimensions, spec.dense.metric);
    this.#sparse = spec.sparse && new InvertedRows(spec.sparse.idf, inWorker ? Infinity : undefined);
  }

  /** Number of points. */
  get size(): number {
    return this.#rowOf.size;
  }

  /** Makes room for the dense vectors of this many points. */
  reserve(points: number): void {
    this.#dense?.reserve(points);
  }

  /** Puts a whole point in place of any point with its id. Copies the vectors and keeps the other objects. */
  put(point: P, vectors: PointVectors): void {
    const row = this.#rowFor(point.id);
    this.#changes += 1;
    this.#points[row] = point;
    if (vectors.dense) this.#dense?.set(row, vectors.dense);
    if (vectors.sparse) this.#sparse?.set(row, vectors.sparse);
  }

  /** Writes the sparse vector of a point. The point must exist. */
  putSparse(id: string, sparse: SparseVector): void {
    const row = this.#rowOf.get(id);
    if (row === undefined) throw new RangeError(`No point has id ${id}.`);
    this.#changes += 1;
    this.#sparse?.set(row, sparse);
  }

  /** Replaces a point and keeps its vectors. Returns false if the point does not exist. */
  patch(point: P): boolean {
    const row = this.#rowOf.get(point.id);
    if (row === undefined) return false;
    this.#changes += 1;
    this.#points[row] = point;
    return true;
  }

  /** Removes a point. Returns false if the point does not exist. */
  remove(id: string): boolean {
    const row = this.#rowOf.get(id);
    if (row === undefined) return false;
    this.#changes += 1;
    this.#rowOf.delete(id);
    this.#points[row] = undefined;
    this.#dense?.clear(row);
    this.#sparse?.clear(row);
    this.#free.push(row);
    return true;
  }

  get(id: string): P | undefined {
    const row = this.#rowOf.get(id);
    return row === undefined ? undefined : this.#points[row];
  }

  /** Returns a copy of a point's dense vector, as it was written. */
  dense(id: string): Float32Array | undefined {
    const row = this.#rowOf.get(id);
    return row === undefined ? undefined : this.#dense?.get(row);
  }

  /** Returns a copy of a point's sparse vector, as it was written. */
  sparse(id: string): SparseVector | undefined {
    const row = this.#rowOf.get(id);
    return row === undefined ? undefined : this.#sparse?.get(row);
  }

  /** Returns the points that pass the test, in any order. */
  points(test?: (point: P) => boolean): readonly P[] {
    const passing: P[] = [];
    for (const point of this.#points) if (point && (!test || test(point))) passing.push(point);
    return passing;
  }

  /** Returns how common terms are among the points with a sparse vector. */
  termStatistics(indices: Uint32Array): TermStatistics {
    return this.#sparse?.statistics(indices) ?? { points: 0, terms: [] };
  }

  /**
   * Best first, equal scores by id, never more than the plan's limit. Throws `not_found` for a missing seed.
   */
  search(planned: SearchPlan): readonly IndexHit<P>[] {
    const searching = this.#searching(planned);
    for (;;) {
      const { done, value } = searching.next();
      if (done === true) return value;
    }
  }

  /**
   * The same, but lets other work run after every few milliseconds. If a write comes in between, it searches
   * once more, and then without a pause.
   */
  async searchInTurns(planned: SearchPlan, signal?: AbortSignal): Promise<readonly IndexHit<P>[]> {
    const changes = this.#changes;
    const searching = this.#searching(planned);
    for (;;) {
      const { done, value } = searching.next();
      if (done === true) return value;
      await nextTurn();
      signal?.throwIfAborted();
      if (this.#changes !== changes) return this.search(planned);
    }
  }

  *#searching(planned: SearchPlan): Generator<void, readonly IndexHit<P>[]> {
    const plan = resolveSeeds(planned, { metric: this.#dense?.metric, vectorOf: (id) => this.dense(id) });
    const admits = this.#admission(plan);
    const rankings: (readonly Ranked<number>[])[] = [];
    for (const leg of plan.legs) rankings.push(yield* this.#rank(leg, admits));
    const hits = rankHits(rankings, plan, (a, b) => (this.#isBefore(a, b) ? -1 : 1), {
      metadataOf: (row) => this.#pointAt(row).metadata,
      vectorOf: (row) => this.#dense?.get(row) ?? new Float32Array(),
    });
    return hits.map(({ key, ...hit }) => ({ point: this.#pointAt(key), ...hit }));
  }

  #rowFor(id: string): number {
    const known = this.#rowOf.get(id);
    if (known !== undefined) return known;
    const row = this.#free.pop() ?? this.#points.length;
    this.#rowOf.set(id, row);
    return row;
  }

  // Several legs test the same rows, and a filter costs more than reading a byte.
  #admission({ test, seeds }: Pick<SearchPlan, "test" | "seeds">): ((row: number) => boolean) | undefined {
    if (!test && seeds.size === 0) return undefined;
    const answers = new Uint8Array(this.#points.length); // 0: not tested, 1: no, 2: yes
    return (row) => {
      if (answers[row] === 0) {
        const { id, metadata } = this.#pointAt(row);
        answers[row] = !seeds.has(id) && (!test || test(metadata)) ? 2 : 1;
      }
      return answers[row] === 2;
    };
  }

  *#rank(
    leg: RankableLeg,
    admits: ((row: number) => boolean) | undefined,
  ): Generator<void, readonly Ranked<number>[]> {
    const top = new TopRows(leg.limit, (a, b) => this.#isBefore(a, b));
    const limits = { admits, minScore: leg.minScore };
    if (leg.kind === "dense") yield* this.#dense?.scan(leg.dense, top, limits) ?? [];
    else if (leg.kind === "best") yield* this.#dense?.scanBest(leg, top, limits) ?? [];
    else if (leg.kind === "context") yield* this.#dense?.scanContext(leg, top, limits) ?? [];
    else this.#sparse?.scan(leg.sparse, top, limits);
    return top.ranked();
  }

  #isBefore(a: number, b: number): boolean {
    return this.#pointAt(a).id < this.#pointAt(b).id;
  }

  #pointAt(row: number): P {
    return elementAt(this.#points, row);
  }
}
