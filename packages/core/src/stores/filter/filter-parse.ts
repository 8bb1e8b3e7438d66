import type { MetadataFields } from "../../spec/metadata.ts";
import type { FilterNode } from "./filter-node.ts";

/** Where parsing stands. */
export interface FilterParse {
  readonly fields: MetadataFields;
  /** Notes what is wrong. */
  readonly report: (path: string, message: string) => void;
  /** Counts one group or operator; false where there are too many. */
  readonly spend: () => boolean;
}

/** A condition without a value: whoever wrote `{ owner: user.id }` meant one owner, not all of them. */
export function missing(path: string, parse: FilterParse): FilterNode {
  parse.report(path, "is undefined; leave the key out where there is no condition");
  return { kind: "none" };
}
