/** The result of a real request to one component. */
export interface Health {
  /** `ok`: works fully. `degraded`: answers, but not fully, for example while it loads. `down`: does not
   * answer. This union may grow: treat a status that you do not know as `degraded`. */
  readonly status: "ok" | "degraded" | "down";
  /** Duration of the check, in milliseconds. */
  readonly latencyMs: number;
  /** An explanation for people. Never holds a credential. */
  readonly detail?: string | undefined;
  /** The health of each part, by name. For example, a pool lists its replicas by their addresses. */
  readonly parts?: { readonly [name: string]: Health } | undefined;
}
