import type { CollectionInfo } from "@binnacle/core";
import type { StoredSpec } from "./collection-metadata.ts";

/** Returns a copy that the caller may keep. */
export function collectionInfo({ spec, incarnation }: StoredSpec): CollectionInfo {
  const { dense, sparse, fields, ...rest } = spec;
  return {
    ...rest,
    ...(dense && { dense: { ...dense } }),
    ...(sparse && { sparse: { ...sparse } }),
    fields: { ...fields },
    incarnation,
  };
}
