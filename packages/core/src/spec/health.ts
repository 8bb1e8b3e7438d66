/** The answer of one component that was really asked just now. */
export interface Health {
  /** `ok`: works as asked; `degraded`: answers, but not fully (still loading, say); `down`: does not answer.
   * This union may grow: treat a status that you do not know as `degraded`. */
  readonly status: "ok" | "degraded" | "down";
  /** How long the check took. */
  readonly latencyMs: number;
  /** What was found, for a person; never holds a credential. */
  readonly detail?: string | undefined;
  /** The health of each part of a whole, by its name: the replicas of a pool by their addresses, say. */
  readonly parts?: { readonly [name: string]: Health } | undefined;
}
