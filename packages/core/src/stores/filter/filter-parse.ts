import type { MetadataFields } from "../../spec/metadata.ts";
import type { FilterNode } from "./filter-node.ts";

/** The state of parsing a filter. */
export interface FilterParse {
  readonly fields: MetadataFields;
  /** Records an issue. */
  readonly report: (path: string, message: string) => void;
  /** Counts one group or operator. Returns false if there are too many. */
  readonly spend: () => boolean;
}

/** Reports a condition without a value. `{ owner: user.id }` with an undefined id must not match all
 * owners. */
export function missing(path: string, parse: FilterParse): FilterNode {
  parse.report(path, "is undefined. Omit the key if there is no condition");
  return { kind: "none" };
}
