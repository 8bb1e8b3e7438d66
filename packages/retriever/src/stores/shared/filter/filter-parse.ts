import type { MetadataFields } from "@binnacle/core";

/** Where parsing stands. */
export interface FilterParse {
  readonly fields: MetadataFields;
  /** Notes what is wrong. */
  readonly report: (path: string, message: string) => void;
  /** Counts one group or operator; false where there are too many. */
  readonly spend: () => boolean;
}
