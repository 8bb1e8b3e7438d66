import { ConfigurationError } from "../../errors/configuration-error.ts";
import type { ContextPair } from "../../spec/search.ts";
import type { SparseVector } from "../../spec/sparse-encoder.ts";
import { denseVectorIssue, sparseVectorIssue } from "../../kit/vectors.ts";
import type { ResolvedSpec } from "../spec/resolve-spec.ts";
import type { ParsedLeg } from "./parse-query.ts";

/** Limits of a planned leg. */
interface PlannedLimits {
  readonly limit: number;
  /** −Infinity if there is no threshold. */
  readonly minScore: number;
}

/** One leg, checked against the collection. {@link resolveSeeds} makes `dense` or `best` of `like`, and `context`
 * of `discover`. */
export type PlannedLeg = PlannedLimits &
  (
    | {
        readonly kind: "dense";
        readonly dense: Float32Array;
        readonly effort?: "exact" | { readonly ef: number } | undefined;
      }
    | { readonly kind: "sparse"; readonly sparse: SparseVector }
    | {
        readonly kind: "like";
        readonly like: readonly string[];
        readonly unlike: readonly string[];
        readonly strategy: "average" | "best";
      }
    | {
        readonly kind: "best";
        readonly like: readonly Float32Array[];
        readonly unlike: readonly Float32Array[];
      }
    | {
        readonly kind: "discover";
        readonly pairs: readonly ContextPair[];
        readonly target: string | undefined;
      }
    | {
        readonly kind: "context";
        readonly pairs: readonly { readonly like: Float32Array; readonly unlike: Float32Array }[];
        readonly target: Float32Array | undefined;
      }
  );

/** Options of {@link planLeg}. */
export interface PlanLegOptions {
  /** The path of the leg in the query, for messages. */
  readonly path: string;
  readonly defaultLimit: number;
  readonly spec: ResolvedSpec;
}

/** Checks a leg. Throws a `ConfigurationError`, or an error of code `invalid_vector`. */
export function planLeg(given: ParsedLeg, options: PlanLegOptions): PlannedLeg {
  const { path, defaultLimit, spec } = options;
  const { dense, sparse, like, discover, effort } = given;
  const limits = { limit: given.limit ?? defaultLimit, minScore: given.minScore ?? -Infinity };
  checkFields(given, path);
  if (sparse) {
    if (!spec.sparse)
      throw refused(path, `collection "${spec.name}" has no sparse vectors. Search it with a dense leg`);
    const issue = sparseVectorIssue(sparse);
    if (issue) throw issue;
    return { kind: "sparse", sparse, ...limits };
  }
  if (!spec.dense)
    throw refused(path, `collection "${spec.name}" has no dense vectors. Search it with a sparse leg`);
  if (like)
    return {
      kind: "like",
      like,
      unlike: given.unlike ?? [],
      strategy: given.strategy ?? "average",
      ...limits,
    };
  if (discover) return { kind: "discover", pairs: discover, target: given.target, ...limits };
  const vector = dense ?? new Float32Array();
  const issue = denseVectorIssue(vector, spec.dense.dimensions);
  if (issue) throw issue;
  return { kind: "dense", dense: vector, effort, ...limits };
}

function checkFields(given: ParsedLeg, path: string): void {
  const { dense, sparse, like, discover, unlike, strategy, target, effort } = given;
  if ([dense, sparse, like, discover].filter((ranking) => ranking !== undefined).length !== 1)
    throw refused(path, "must have either `dense`, `sparse`, `like` or `discover`");
  if (!like && (unlike ?? strategy) !== undefined) throw refused(path, "`unlike` and `strategy` need `like`");
  if (!discover && target !== undefined) throw refused(path, "`target` needs `discover`");
  if (!dense && effort !== undefined) throw refused(path, "`effort` needs `dense`");
}

/** Returns the error of a query that cannot be answered. */
export function refused(path: string, message: string): ConfigurationError {
  return new ConfigurationError(`search: ${path}: ${message}`, { issues: [{ path, message }] });
}
