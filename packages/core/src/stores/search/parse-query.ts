import { z } from "zod";
import type { DecayBoost, Fusion, Mmr } from "../../spec/search.ts";
import type { DenseLeg, DiscoverLeg, LikeLeg, SparseLeg } from "../../spec/search.ts";
import { once } from "../../kit/once.ts";
import { parseOptions } from "../../kit/parsing/parse-options.ts";

/** Most legs of a query. */
export const MAX_LEGS = 16;
const MAX_EF = 100_000;
const MAX_SEEDS = 64;
const MAX_PAIRS = 32;
/** Most boosts of a query. */
export const MAX_BOOSTS = 32;
/** Most candidates of MMR, because its time grows with their number times the number of hits. */
export const MAX_MMR_CANDIDATES = 1_000;

type AnyLeg = DenseLeg & SparseLeg & LikeLeg & DiscoverLeg;
/** A leg of any kind. */
export type ParsedLeg = { readonly [K in keyof AnyLeg]?: AnyLeg[K] | undefined };
/** A boost of any kind, whose filter is not checked yet. */
export interface ParsedBoost {
  readonly when?: unknown;
  readonly add?: number | undefined;
  readonly field?: string | undefined;
  readonly decay?: DecayBoost["decay"] | undefined;
}

/** A query with its defaults. */
export interface ParsedQuery {
  readonly legs: readonly ParsedLeg[];
  readonly fusion: Fusion;
  readonly boost: readonly ParsedBoost[];
  readonly mmr?: Mmr | undefined;
  readonly limit: number;
  readonly offset: number;
  readonly filter?: unknown;
  readonly explain: boolean;
}

const leg = once(() =>
  z.strictObject({
    dense: z.instanceof(Float32Array).optional(),
    sparse: z
      .strictObject({ indices: z.instanceof(Uint32Array), values: z.instanceof(Float32Array) })
      .optional(),
    like: z.array(z.string()).min(1).max(MAX_SEEDS).optional(),
    unlike: z.array(z.string()).max(MAX_SEEDS).optional(),
    strategy: z.enum(["average", "best"]).optional(),
    discover: z
      .array(z.strictObject({ like: z.string(), unlike: z.string() }))
      .min(1)
      .max(MAX_PAIRS)
      .optional(),
    target: z.string().optional(),
    effort: z
      .union([z.literal("exact"), z.strictObject({ ef: z.int().min(1).max(MAX_EF) })], {
        error: `expected "exact" or { ef }, with a whole number from 1 to ${MAX_EF}`,
      })
      .optional(),
    limit: z.int().min(1).optional(),
    minScore: z.number().optional(),
  }),
);

const boost = once(() =>
  z.strictObject({
    when: z.unknown().optional(),
    add: z.number().optional(),
    field: z.string().optional(),
    decay: z
      .strictObject({
        target: z.union([z.number(), z.string()], { error: "expected a number or a datetime" }),
        halfAt: z.number().positive(),
        add: z.number(),
      })
      .optional(),
  }),
);

/** The schema of boosts, whose filters are left to `planBoosts`. */
export const boostField: () => z.ZodType<readonly ParsedBoost[]> = once(() =>
  z.array(boost()).max(MAX_BOOSTS),
);

const rrf = once(() =>
  z.strictObject({
    kind: z.literal("rrf"),
    k: z.number().nonnegative().optional(),
    weights: z.array(z.number().nonnegative()).optional(),
  }),
);

const schema = once(() =>
  z.strictObject({
    legs: z.array(leg()).min(1).max(MAX_LEGS),
    fusion: z
      .discriminatedUnion("kind", [rrf(), z.strictObject({ kind: z.literal("dbsf") })])
      .default({ kind: "rrf" }),
    boost: boostField().default([]),
    mmr: z
      .strictObject({
        diversity: z.number().min(0).max(1),
        candidates: z.int().min(1).max(MAX_MMR_CANDIDATES).optional(),
      })
      .optional(),
    limit: z.int().min(1),
    offset: z.int().min(0).default(0),
    filter: z.unknown().optional(),
    explain: z.boolean().default(false),
  }),
);

/** Checks the shape of a query and adds defaults. Filters are left to `parseFilter`. Throws a
 * `ConfigurationError`. */
export function parseQuery(query: unknown): ParsedQuery {
  return parseOptions("search", schema(), query);
}
