import type { Filter, Metadata, RrfFusion, VectorStore } from "@binnacle/core";
import { callOptionsFields, describeValue, parseOptions, part, isPlainObject } from "@binnacle/core/kit";
import { z } from "zod";
import { indexPart, type Index } from "../indexing/options/define-index.ts";

/** Which rankings a retriever asks for. */
export type RetrievalMode = "dense" | "lexical" | "hybrid";

/** Thresholds per leg; hits below are dropped before the fusion. 0 is a threshold like any other. */
export interface RetrieverMinScore {
  /** Least similarity. @default the embedder's `suggestedMinScore`, if it has one; else none */
  readonly dense?: number | undefined;
  /** Least BM25 score. It has no fixed scale, so there is no sensible general value. @default none */
  readonly lexical?: number | undefined;
}

/** Options of {@link createRetriever}. */
export interface RetrieverOptions<M extends Metadata = Metadata, F extends Metadata = M> {
  readonly store: VectorStore;
  readonly index: Index<M, F>;
  /** Confines the retriever to one tenant; required exactly where the index requires tenants. */
  readonly tenant?: string | undefined;
  /** @default what the index has: both legs, or the one */
  readonly mode?: RetrievalMode | undefined;
  /** Most hits, and so most passages. @default 8 */
  readonly limit?: number | undefined;
  readonly minScore?: RetrieverMinScore | undefined;
  /** How two legs become one ranking; weights are for dense, then lexical. @default reciprocal rank fusion, k 60 */
  readonly fusion?: RrfFusion | undefined;
  /** Hits each leg contributes to the fusion. @default the larger of 50 and 4 × limit */
  readonly candidates?: number | undefined;
  /** True: neighbouring and overlapping hits of one document become one passage. @default true */
  readonly mergeNeighbours?: boolean | undefined;
}

const schema = z.strictObject({
  store: part<VectorStore>(["collection", "describeCollection"], "a VectorStore, such as new MemoryStore()"),
  index: indexPart,
  tenant: z.string().min(1).optional(),
  mode: z.enum(["dense", "lexical", "hybrid"]).optional(),
  limit: z.int().positive().default(8),
  minScore: z.strictObject({ dense: z.number().optional(), lexical: z.number().optional() }).default({}),
  fusion: z
    .strictObject({
      kind: z.literal("rrf"),
      k: z.number().positive().optional(),
      weights: z.array(z.number().nonnegative()).length(2).optional(),
    })
    .optional(),
  candidates: z.int().positive().optional(),
  mergeNeighbours: z.boolean().default(true),
});

/** Options of {@link createRetriever} that have defaults, with them. */
export interface ParsedRetrieverOptions {
  readonly tenant?: string | undefined;
  readonly mode?: RetrievalMode | undefined;
  readonly limit: number;
  readonly minScore: RetrieverMinScore;
  readonly fusion?: RrfFusion | undefined;
  readonly candidates?: number | undefined;
  readonly mergeNeighbours: boolean;
}

/** Checks the options and fills in defaults. Throws a `ConfigurationError` that lists every issue. */
export function parseRetrieverOptions(options: unknown): ParsedRetrieverOptions {
  return parseOptions("createRetriever", schema, options);
}

/** The filter of a call. The store checks its conditions, because it knows the fields. */
export const filterField: z.ZodOptional<z.ZodType<Filter>> = z
  .custom<Filter>((value) => isPlainObject(value), {
    error: ({ input }) => `expected an object such as { year: { $gte: 2024 } }, got ${describeValue(input)}`,
  })
  .optional();

const retrieveSchema = z.strictObject({
  ...callOptionsFields,
  limit: z.int().positive().optional(),
  filter: filterField,
  evidence: z.boolean().optional(),
});

/** Throws a `ConfigurationError` unless these are options of {@link Retriever.retrieve}. */
export function checkRetrieveOptions(options: unknown): void {
  parseOptions("retrieve", retrieveSchema, options);
}
