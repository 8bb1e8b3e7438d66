import { randomUUID } from "node:crypto";
import type { CallOptions, EnsuredCollection } from "@binnacle/core";
import { compareSpecs, type ResolvedSpec } from "@binnacle/core/stores";
import { z } from "zod";
import { collectionInfo } from "./collection-info.ts";
import { payloadIndexes } from "./payload-indexes.ts";
import { fieldMetadata, specMetadata } from "./collection-metadata.ts";
import { creationBody, type QdrantCollectionSettings } from "./collection-options.ts";
import { opened, type CollectionDescription, type OpenCollections } from "./open-collections.ts";
import { collectionPath } from "../wire/collection-path.ts";
import type { QdrantApi } from "../wire/qdrant-api.ts";
import { foreignCollection, isConflict, noCollection } from "../wire/qdrant-error.ts";

/** The parameters of {@link ensureCollection}. */
export interface EnsureContext {
  readonly api: QdrantApi;
  readonly collections: OpenCollections;
  readonly settings: QdrantCollectionSettings;
  readonly call: CallOptions | undefined;
}

/** Creates the collection, or checks the existing one. Then creates what is missing: new fields, and
 * indexes that an interrupted creation did not reach. */
export async function ensureCollection(
  asked: ResolvedSpec,
  context: EnsureContext,
): Promise<EnsuredCollection> {
  const { collections, call } = context;
  const known = await collections.find(asked.name, call);
  const outcome = known || !(await create(asked, context)) ? "exists" : "created";
  const found = known ?? (await collections.find(asked.name, call));
  if (!found) throw noCollection(asked.name);
  const { description, stored } = found;
  if (!stored) throw foreignCollection(asked.name);
  const spec = compareSpecs(stored.spec, asked);
  await addFields(stored.spec, spec, context);
  await createIndexes(spec, description, context);
  const collection = collections.remember(opened({ ...stored, spec }, description));
  return { ...collectionInfo(collection), outcome };
}

/** Returns true if this call created the collection, and false if another call did at the same time. */
async function create(spec: ResolvedSpec, { api, settings, call }: EnsureContext): Promise<boolean> {
  const { name } = spec;
  const incarnation = randomUUID();
  // The creation itself writes the metadata, so a collection never exists without it.
  const json = creationBody(spec, settings, specMetadata(spec, incarnation));
  try {
    await api.result(
      { method: "PUT", path: collectionPath(name), json, collection: name },
      z.literal(true),
      call,
    );
    return true;
  } catch (error) {
    if (!isConflict(error)) throw error;
    return false;
  }
}

async function addFields(
  stored: ResolvedSpec,
  { name, fields }: ResolvedSpec,
  { api, call }: EnsureContext,
): Promise<void> {
  const added = Object.entries(fields).filter(([field]) => !Object.hasOwn(stored.fields, field));
  if (added.length === 0) return;
  const json = { metadata: fieldMetadata(Object.fromEntries(added)) };
  await api.result(
    { method: "PATCH", path: collectionPath(name), json, collection: name },
    z.literal(true),
    call,
  );
}

async function createIndexes(
  spec: ResolvedSpec,
  description: CollectionDescription,
  { api, call }: EnsureContext,
): Promise<void> {
  const { name } = spec;
  const completed = z.object({ status: z.literal("completed") });
  for (const json of payloadIndexes(spec)) {
    if (Object.hasOwn(description.payload_schema, json.field_name)) continue;
    const path = collectionPath(name, "/index");
    const request = { method: "PUT", path, query: { wait: true }, json, collection: name } as const;
    await api.result(request, completed, call);
  }
}
