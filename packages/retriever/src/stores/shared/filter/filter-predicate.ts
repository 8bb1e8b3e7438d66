import type { Metadata } from "@binnacle/core";

/** Whether a point's metadata is what a filter asks for. */
export type MetadataTest = (metadata: Metadata) => boolean;
