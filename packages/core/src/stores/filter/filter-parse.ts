import type { MetadataFields } from "../../spec/metadata.ts";
import type { FilterNode } from "./filter-node.ts";

/** The state of one parse. */
export interface FilterParse {
  readonly fields: MetadataFields;
  /** Notes what is wrong. */
  readonly report: (path: string, message: string) => void;
  /** Counts one group or operator; false if there are too many. */
  readonly spend: () => boolean;
}

/** Refuses a condition without a value: `{ owner: user.id }` means one owner, not all of them. */
export function missing(path: string, parse: FilterParse): FilterNode {
  parse.report(path, "is undefined; leave the key out for no condition");
  return { kind: "none" };
}
