import type { PointVectors } from "../points/vector-stash.ts";
import type { DocumentPlan, PlannedPut } from "./plan-document.ts";

/** A document's plan, with the vectors that exist and the contents that need vectors. */
export interface PlannedDocument {
  readonly plan: DocumentPlan;
  /** Vectors by content hash. */
  readonly found: ReadonlyMap<string, PointVectors>;
  /** One put for each content without vectors. */
  readonly missing: readonly PlannedPut[];
}
