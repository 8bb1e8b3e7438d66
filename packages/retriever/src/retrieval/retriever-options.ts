import type {
  Filter,
  Metadata,
  RelationReader,
  Reranker,
  RetrieveOptions,
  VectorStore,
} from "@binnacle/core";
import {
  callOptionsFields,
  describeValue,
  parseOptions,
  part,
  isPlainObject,
  once,
} from "@binnacle/core/kit";
import { boostField } from "@binnacle/core/stores";
import { z } from "zod";
import type { RetrieverFusion } from "./fuse-legs.ts";
import { indexPart, type Index } from "../indexing/options/define-index.ts";

/** The rankings that a retriever uses: `dense`, `lexical`, or both fused. */
export type RetrievalMode = "dense" | "lexical" | "hybrid";

/**
 * Thresholds for each leg. Hits below the threshold are dropped before the fusion. A threshold of 0 applies
 * too.
 */
export interface RetrieverMinScore {
  /** Least similarity. @default the embedder's `suggestedMinScore`, or no threshold if it has none */
  readonly dense?: number | undefined;
  /** Least BM25 score. BM25 has no fixed scale, so no value suits all collections. @default no threshold */
  readonly lexical?: number | undefined;
}

/** Adds passages of documents that are related to the passages that the search found. */
export interface Expansion<M extends Metadata = Metadata> {
  /** Reads the relations from a passage's metadata, such as `kubernetesRelations` of `@binnacle/k8s-sync`. */
  readonly relations: RelationReader<M>;
  /** Number of best passages whose relations are followed, by one step. @default 3 */
  readonly from?: number | undefined;
  /** Most passages added, beyond the limit of the search. @default 4 */
  readonly limit?: number | undefined;
}

/** Options of {@link createRetriever}. */
export interface RetrieverOptions<M extends Metadata = Metadata, F extends Metadata = M> {
  readonly store: VectorStore;
  readonly index: Index<M, F>;
  /** The tenant whose points the retriever sees. Required exactly if the index requires tenants. */
  readonly tenant?: string | undefined;
  /**
   * The legs to search.
   * @default "hybrid" if the index has an embedder and a sparse encoder, else its only leg
   */
  readonly mode?: RetrievalMode | undefined;
  /** Maximum number of hits, and so of passages. @default 8, or 50 with `maxTokens` */
  readonly limit?: number | undefined;
  /** Most tokens of all hits together, as in {@link RetrieveOptions.maxTokens}. @default no limit */
  readonly maxTokens?: number | undefined;
  readonly minScore?: RetrieverMinScore | undefined;
  /**
   * The rule that fuses two legs. The first weight is for dense, the second for lexical.
   * @default by scores, with weights that each query sets: a leg whose best hit stands out counts more
   */
  readonly fusion?: RetrieverFusion | undefined;
  /** Number of hits that each leg contributes to the fusion. @default the larger of 50 and 4 × limit */
  readonly candidates?: number | undefined;
  /** Joins neighbouring and overlapping hits of one document into one passage. @default true */
  readonly mergeNeighbours?: boolean | undefined;
  /** Adds related passages, each with `Passage.via`. They meet the tenant and the filter of the call.
   * @default none */
  readonly expand?: Expansion<M> | undefined;
  /**
   * Orders the best hits of the fusion by their scores. Passages then have the reranker's scores.
   * @default none
   */
  readonly reranker?: Reranker | undefined;
  /** Most hits that the reranker scores, at most 1_000. The other hits rank below them. @default 32 */
  readonly rerankCandidates?: number | undefined;
  /**
   * `reject`: if the reranker fails, the call rejects with its error. `keep`: the order of the fusion remains,
   * and the trace has the error's code. @default "reject"
   */
  readonly onRerankFailure?: "reject" | "keep" | undefined;
}

/** For dense and lexical. */
const legWeights = once(() => z.array(z.number().nonnegative()).length(2).optional());

const schema = once(() =>
  z.strictObject({
    store: part<VectorStore>(
      ["collection", "describeCollection"],
      "a VectorStore, such as new MemoryStore()",
    ),
    index: indexPart(),
    tenant: z.string().min(1).optional(),
    mode: z.enum(["dense", "lexical", "hybrid"]).optional(),
    limit: z.int().positive().optional(),
    maxTokens: z.int().positive().optional(),
    minScore: z.strictObject({ dense: z.number().optional(), lexical: z.number().optional() }).default({}),
    fusion: z
      .discriminatedUnion("kind", [
        z.strictObject({ kind: z.literal("scores"), weights: legWeights() }),
        z.strictObject({
          kind: z.literal("rrf"),
          k: z.number().positive().optional(),
          weights: legWeights(),
        }),
        z.strictObject({ kind: z.literal("dbsf") }),
      ])
      .optional(),
    candidates: z.int().positive().optional(),
    mergeNeighbours: z.boolean().default(true),
    expand: z
      .strictObject({
        relations: z.custom<RelationReader>((value) => typeof value === "function", {
          error: "expected a function that reads relations, such as kubernetesRelations",
        }),
        from: z.int().positive().default(3),
        limit: z.int().positive().default(4),
      })
      .optional(),
    reranker: part<Reranker>(["describe", "rerank"], "a Reranker, such as new LlamaCppReranker()").optional(),
    rerankCandidates: z.int().positive().max(1_000).default(32),
    onRerankFailure: z.enum(["reject", "keep"]).default("reject"),
  }),
);

/** The options of {@link createRetriever} with defaults filled in, without the store and the index. */
export interface ParsedRetrieverOptions {
  readonly tenant?: string | undefined;
  readonly mode?: RetrievalMode | undefined;
  readonly limit?: number | undefined;
  readonly maxTokens?: number | undefined;
  readonly minScore: RetrieverMinScore;
  readonly fusion?: RetrieverFusion | undefined;
  readonly candidates?: number | undefined;
  readonly mergeNeighbours: boolean;
  readonly expand?: { readonly from: number; readonly limit: number } | undefined;
  readonly reranker?: Reranker | undefined;
  readonly rerankCandidates: number;
  readonly onRerankFailure: "reject" | "keep";
}

/**
 * Checks the options of {@link createRetriever} and fills in defaults. Throws a `ConfigurationError` that
 * lists every issue.
 */
export function parseRetrieverOptions(options: unknown): ParsedRetrieverOptions {
  return parseOptions("createRetriever", schema(), options);
}

/** The limit of a retriever without a token budget. */
export const defaultLimit = 8;
/** The most hits that fill a token budget if no limit is given. */
const mostInBudget = 50;

/** Returns the limits of one call. A call's limit replaces the retriever's. */
export function limitsOf(
  parsed: Pick<ParsedRetrieverOptions, "limit" | "maxTokens">,
  { limit = parsed.limit, maxTokens = parsed.maxTokens }: Pick<RetrieveOptions, "limit" | "maxTokens">,
): { readonly limit: number; readonly maxTokens?: number | undefined } {
  return { limit: limit ?? (maxTokens === undefined ? defaultLimit : mostInBudget), maxTokens };
}

/** The schema of a call's filter. The store checks the conditions, because it knows the fields. */
export const filterField: () => z.ZodOptional<z.ZodType<Filter>> = once(() =>
  z
    .custom<Filter>((value) => isPlainObject(value), {
      error: ({ input }) =>
        `expected an object such as { year: { $gte: 2024 } }, got ${describeValue(input)}`,
    })
    .optional(),
);

/** A store accepts at most 64 seeds. */
const seeds = once(() => z.array(z.string()).max(64));

const retrieveSchema = once(() =>
  z
    .strictObject({
      ...callOptionsFields,
      limit: z.int().positive().optional(),
      maxTokens: z.int().positive().optional(),
      filter: filterField(),
      boost: boostField().optional(),
      diversity: z.number().min(0).max(1).optional(),
      like: seeds().min(1).optional(),
      unlike: seeds().optional(),
      evidence: z.boolean().optional(),
    })
    .refine(({ like, unlike }) => like !== undefined || unlike === undefined, {
      path: ["unlike"],
      error: "has no effect without `like`. Name points that the passages should resemble",
    }),
);

/** Checks the options of {@link Retriever.retrieve}. Throws a `ConfigurationError` that lists every issue. */
export function checkRetrieveOptions(options: unknown): void {
  parseOptions("retrieve", retrieveSchema(), options);
}
