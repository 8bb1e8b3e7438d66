import type { BinnacleError } from "@binnacle/core";
import type { ScopeDrift } from "./scope-drift.ts";

/** An event of a Kubernetes source that needs no action by the indexer. */
export type KubernetesSourceEvent =
  /** The types of the cluster could not be read again. The types of the last search stay. */
  | { readonly type: "discovery-failed"; readonly error: BinnacleError }
  /** A group of the API does not answer, so its types are unknown. */
  | {
      readonly type: "api-unavailable";
      readonly group: string;
      readonly version: string;
      readonly error: BinnacleError;
    }
  /** An object could not be read, so its document lacks new facts about its pods or warnings for now. */
  | { readonly type: "facts-unread"; readonly key: string; readonly error: BinnacleError }
  /** The watch of a scope missed changes, so the scope is listed again. */
  | ({ readonly type: "drift"; readonly scope: string } & ScopeDrift)
  /** A scope could not be compared with a list of metadata. */
  | { readonly type: "drift-unmeasured"; readonly scope: string; readonly error: BinnacleError }
  /** A status field of an unknown type ticks, so documents leave it out from now on. */
  | { readonly type: "field-left-out"; readonly resource: string; readonly path: string }
  /** The cluster serves a type that is new, or no longer serves it. */
  | { readonly type: "type-added" | "type-removed"; readonly scope: string };
