import type { CallOptions, Collection, Filter, Metadata, StoredPoint } from "@binnacle/core";
import { callOptionsFields, parseOptions } from "@binnacle/core/kit";
import { z } from "zod";
import { cosine, unitVectors } from "./clustering/unit-vectors.ts";
import { distributionOf, type Distribution } from "./distribution.ts";
import { samplePoints } from "./sample-points.ts";
import { seededRandom } from "./seeded-random.ts";
import { TimeSlices } from "./time-slices.ts";

/** Options of {@link collectionStatistics}. */
export interface CollectionStatisticsOptions<M extends Metadata = Metadata> extends CallOptions {
  /** Counts only points that match. @default all points */
  readonly filter?: Filter<M> | undefined;
  /** Most vectors that are compared with each other. @default 2000 */
  readonly maxVectors?: number | undefined;
  /** Start of the random numbers. @default 1 */
  readonly seed?: number | undefined;
}

/** The contents of a collection, as a scan found them. */
export interface CollectionStatistics {
  readonly points: number;
  /** Number of points whose chunk has index 0, one for each document. */
  readonly documents: number;
  /** Points by the id of their vector space. Points without a dense vector count as `none`. */
  readonly spaces: Readonly<Record<string, number>>;
  /** Dimensions of the dense vectors. Undefined without vectors. */
  readonly dimensions?: number | undefined;
  /** Bytes of the dense vectors as 32-bit numbers. */
  readonly vectorBytes: number;
  /** Bytes of the chunks' texts in UTF-8. */
  readonly textBytes: number;
  /** Points whose text another point has too. */
  readonly duplicates: number;
  /** Tokens of the chunks. */
  readonly tokens: Distribution;
  /** Lengths of the sampled vectors. Undefined without vectors. */
  readonly norms?: Distribution | undefined;
  /** Cosines of random pairs of sampled vectors. High values mean that the vectors tell little apart. Undefined
   * for fewer than two vectors. */
  readonly similarities?: Distribution | undefined;
  /** Number of vectors in the sample. */
  readonly sampled: number;
}

const pairs = 10_000;

const schema = z.strictObject({
  ...callOptionsFields,
  filter: z.custom<Filter>().optional(),
  maxVectors: z.int().min(2).max(100_000).default(2000),
  seed: z.int().nonnegative().default(1),
});

/** Reads a collection once and describes its points. Everything is counted; only the vectors are sampled. */
export async function collectionStatistics<M extends Metadata = Metadata>(
  collection: Collection<M>,
  options: CollectionStatisticsOptions<M> = {},
): Promise<CollectionStatistics> {
  const { filter: _, maxVectors, seed, ...call } = parseOptions("collectionStatistics", schema, options);
  const tally = new PointTally();
  const { points } = await samplePoints(
    collection,
    { ...call, filter: options.filter, maxPoints: maxVectors, seed },
    (point) => tally.add(point),
  );
  const vectors = points.map(({ dense }) => dense);
  return {
    ...tally.result(),
    norms: vectors.length === 0 ? undefined : distributionOf(vectors.map(norm)),
    similarities: vectors.length < 2 ? undefined : await similarities(vectors, seed, call.signal),
    sampled: vectors.length,
  };
}

class PointTally {
  #documents = 0;
  #vectorBytes = 0;
  #textBytes = 0;
  #dimensions: number | undefined;
  readonly #spaces = new Map<string, number>();
  readonly #hashes = new Map<string, number>();
  readonly #tokens: number[] = [];

  add({ chunk, dense }: StoredPoint): void {
    if (chunk.index === 0) this.#documents += 1;
    this.#dimensions ??= dense?.length;
    this.#vectorBytes += (dense?.length ?? 0) * 4;
    this.#textBytes += Buffer.byteLength(chunk.text);
    const space = chunk.spaceId ?? "none";
    this.#spaces.set(space, (this.#spaces.get(space) ?? 0) + 1);
    // Half of the digest tells texts apart and needs half of the memory.
    const hash = chunk.contentHash.slice(0, 32);
    this.#hashes.set(hash, (this.#hashes.get(hash) ?? 0) + 1);
    this.#tokens.push(chunk.tokens);
  }

  result() {
    const repeated = [...this.#hashes.values()].filter((count) => count > 1);
    return {
      points: this.#tokens.length,
      documents: this.#documents,
      spaces: Object.fromEntries(this.#spaces),
      dimensions: this.#dimensions,
      vectorBytes: this.#vectorBytes,
      textBytes: this.#textBytes,
      duplicates: repeated.reduce((sum, count) => sum + count, 0),
      tokens: distributionOf(this.#tokens),
    };
  }
}

function norm(vector: Float32Array): number {
  let squares = 0;
  for (const value of vector) squares += value * value;
  return Math.sqrt(squares);
}

async function similarities(
  vectors: readonly Float32Array[],
  seed: number,
  signal: AbortSignal | undefined,
): Promise<Distribution> {
  const slices = new TimeSlices(signal);
  const units = await unitVectors("collectionStatistics", vectors, slices);
  const random = seededRandom(seed);
  const found: number[] = [];
  while (found.length < pairs) {
    if (slices.isOver) await slices.next();
    const i = Math.floor(random() * units.count);
    const j = Math.floor(random() * (units.count - 1));
    found.push(cosine(units, i, units, j < i ? j : j + 1));
  }
  return distributionOf(found);
}
