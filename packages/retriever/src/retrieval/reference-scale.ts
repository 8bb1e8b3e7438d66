import type { CallOptions, Collection, Embedder, Metadata, Metric } from "@binnacle/core";
import type { DenseQuery } from "./query-vectors.ts";
import { embedQueries } from "./query-vectors.ts";
import { referenceQuestions } from "./reference-questions.ts";
import { similarityOf, spreadOf, type Spread } from "./similarity-scale.ts";

/** Measures how far a query stands out from questions that are unrelated to the collection. */
export interface ReferenceScale {
  /**
   * Returns the standing of a query: its distance above the upper quartile of the reference questions, in
   * deviations. `best` is the similarity of the query's nearest point. Undefined if the collection has no
   * points. The first call embeds the reference questions.
   */
  standing(
    query: DenseQuery,
    best: number,
    points: number,
    options: CallOptions,
  ): Promise<number | undefined>;
}

/** The collection and the embedder of a scale. */
export interface ReferenceScaleInput {
  readonly collection: Pick<Collection, "searchMany">;
  readonly embedder: Embedder;
  readonly metric: Metric;
}

/** The reference questions in one vector space. */
interface References {
  readonly spaceId: string;
  readonly vectors: readonly Float32Array[];
  /** The similarity of each question to its nearest other question. */
  readonly nearest: readonly number[];
}

/** The spread of the reference questions in one state of the collection. */
interface Measured extends Spread {
  readonly spaceId: string;
  readonly points: number;
}

/** The scale is measured again after the collection grew or shrank by more than this share. */
const staleShare = 0.1;

/**
 * Creates a scale for one collection and one embedder, without any I/O. A query's margin is twice the
 * similarity to its nearest point, minus the similarity to its nearest reference question. The margins of the
 * reference questions themselves form the scale, so it needs no constant that depends on the model.
 */
export function createReferenceScale(input: ReferenceScaleInput): ReferenceScale {
  const similarity = similarityOf(input.metric);
  let references: References | undefined;
  let measured: Measured | undefined;
  return {
    async standing({ vector, spaceId }, best, points, options) {
      if (points === 0) return undefined;
      if (references?.spaceId !== spaceId) references = await embedReferences(input, similarity, options);
      const isStale =
        measured?.spaceId !== spaceId || Math.abs(measured.points - points) > staleShare * measured.points;
      if (measured === undefined || isStale) {
        measured = { ...(await measure(input.collection, references, options)), spaceId, points };
      }
      const nearest = Math.max(...references.vectors.map((reference) => similarity(vector, reference)));
      return (2 * best - nearest - measured.upper) / (measured.deviation || Number.EPSILON);
    },
  };
}

async function embedReferences(
  { embedder }: ReferenceScaleInput,
  similarity: ReturnType<typeof similarityOf>,
  options: CallOptions,
): Promise<References> {
  const { spaceId, vectors } = await embedQueries(embedder, referenceQuestions, options);
  const nearest = vectors.map((vector) =>
    Math.max(...vectors.filter((other) => other !== vector).map((other) => similarity(vector, other))),
  );
  return { spaceId, vectors, nearest };
}

async function measure(
  collection: Pick<Collection<Metadata>, "searchMany">,
  { vectors, nearest }: References,
  options: CallOptions,
): Promise<Spread> {
  const answers = await collection.searchMany(
    vectors.map((dense) => ({ legs: [{ dense, limit: 1 }], limit: 1 })),
    options,
  );
  // Another process may empty the collection in between, so a question may have no hit.
  const margins = answers.flatMap(([hit], i) =>
    hit === undefined ? [] : [2 * hit.score - (nearest[i] ?? 0)],
  );
  return spreadOf(margins);
}
