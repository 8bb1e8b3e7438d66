import { ConfigurationError, type CollectionInfo, type CollectionSpec } from "@binnacle/core";

/**
 * Throws a `ConfigurationError` with code `collection_mismatch` if the collection's vectors are of another
 * kind than the index's.
 */
export function checkCollection(info: CollectionInfo, spec: CollectionSpec): void {
  const differences = [
    ...difference("its dense space is", info.dense?.spaceId, spec.dense?.spaceId),
    ...difference("its dimensions are", info.dense?.dimensions, spec.dense?.dimensions),
    ...difference("its sparse encoder is", info.sparse?.encoderId, spec.sparse?.encoderId),
  ];
  if (differences.length === 0) return;
  throw new ConfigurationError(
    `collection "${info.name}" and the index do not fit: ${differences.join("; ")}. Vectors of two models cannot be compared, so nothing was written. Go back to the model the collection was made with, or give the index another name and sync into that: the old collection answers until you switch over and delete it`,
    { code: "collection_mismatch" },
  );
}

function difference(
  what: string,
  stored: string | number | undefined,
  given: string | number | undefined,
): string[] {
  return stored === given ? [] : [`${what} ${stored ?? "missing"}, the index has ${given ?? "none"}`];
}
