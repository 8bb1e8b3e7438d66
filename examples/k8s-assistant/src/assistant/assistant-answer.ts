import type { Route } from "./parse-question.ts";

/** An object that an answer rests on. */
export interface AnswerSource {
  /** `kind/namespace/name@resourceVersion`. */
  readonly object: string;
  /** How current the object's type is in the index, such as `12 s ago`. */
  readonly age: string;
  /** Why the object is here although the search did not find it, such as `mountedBy ConfigMap/shop/web`. */
  readonly via?: string | undefined;
}

/** The answer to a question about a cluster. Plain data. */
export interface AssistantAnswer {
  readonly question: string;
  readonly route: Route;
  /** `exact`: counted or listed by filters. `live`: read from the cluster now. `extractive`: quotes.
   * `generated`: written by a model. `none`: the index does not answer. */
  readonly mode: "exact" | "live" | "extractive" | "generated" | "none";
  readonly text: string;
  /** The number of objects that meet the conditions. Only with mode `exact`. */
  readonly count?: number | undefined;
  readonly sources: readonly AnswerSource[];
  /** The lines or objects that had no room, such as `120 more objects`. Empty if nothing was cut. */
  readonly cut: string;
  /** Types that cannot be trusted: forbidden, degraded, not yet synced, or not followed. */
  readonly warnings: readonly string[];
  /** Tokens of the text and of what a model read, and the most that were allowed. */
  readonly tokens: { readonly used: number; readonly budget: number };
}
