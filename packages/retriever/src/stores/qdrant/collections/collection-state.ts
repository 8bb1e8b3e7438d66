import type { CallOptions } from "@binnacle/core";
import { z } from "zod";
import { collectionPath } from "../wire/collection-path.ts";
import type { QdrantApi } from "../wire/qdrant-api.ts";
import { foreignCollection, noCollection } from "../wire/qdrant-error.ts";
import { readCollectionSettings, type QdrantSetting } from "./collection-settings.ts";
import type { OpenCollections } from "./open-collections.ts";

/** The state of a collection as the server reports it. */
export interface QdrantCollectionState {
  /** `green`: fully indexed. `yellow`: the server optimises. `grey`: it waits with that. `red`: it failed. */
  readonly status: string;
  /** The error of the optimiser. Undefined if it works. */
  readonly optimizerError?: string | undefined;
  /** Number of points, approximate while the server optimises. */
  readonly points: number;
  /** Number of vectors in the graph. A search compares the others one by one. */
  readonly indexedVectors: number;
  readonly segments: number;
  /** The names of the payload fields with an index. */
  readonly indexedFields: readonly string[];
  /** The settings by the path of their option, such as `hnsw.m` and `quantization`. */
  readonly settings: Readonly<Record<string, QdrantSetting>>;
}

const schema = z.object({
  status: z.string(),
  optimizer_status: z.union([z.literal("ok"), z.object({ error: z.string() })]).optional(),
  points_count: z.number().nullish(),
  indexed_vectors_count: z.number().nullish(),
  segments_count: z.number().nullish(),
  payload_schema: z.record(z.string(), z.unknown()).default({}),
});

/** Reads the state of a collection of this SDK. */
export async function readCollectionState(
  given: string,
  api: QdrantApi,
  { collections, call }: { readonly collections: OpenCollections; readonly call: CallOptions | undefined },
): Promise<QdrantCollectionState> {
  const found = await collections.find(given, call);
  if (!found) throw noCollection(given);
  if (!found.stored) throw foreignCollection(given);
  const { name } = found;
  const request = { path: collectionPath(name), collection: name };
  const [info, settings] = await Promise.all([
    api.result(request, schema, call),
    readCollectionSettings(name, api, call),
  ]);
  const { optimizer_status: optimizer } = info;
  return {
    status: info.status,
    optimizerError: typeof optimizer === "object" ? optimizer.error.slice(0, 300) : undefined,
    points: info.points_count ?? 0,
    indexedVectors: info.indexed_vectors_count ?? 0,
    segments: info.segments_count ?? 0,
    indexedFields: Object.keys(info.payload_schema).sort(),
    settings: Object.fromEntries(settings),
  };
}
