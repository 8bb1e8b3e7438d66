import type { CallOptions, CollectionInfo, VectorStore } from "@binnacle/core";
import { tenantOf, type CollectionCall } from "../shared/open-collection.ts";
import type { CollectionReply } from "./collection-schemas.ts";

/** Describes a collection to a caller, with the number of the points that the caller may see. */
export async function viewOf(
  store: VectorStore,
  info: CollectionInfo,
  { request, options }: CollectionCall,
): Promise<CollectionReply> {
  const tenant = info.tenancy === "required" ? tenantOf(request) : undefined;
  const isCountable = info.tenancy !== "required" || tenant !== undefined;
  return {
    name: info.name,
    dimensions: info.dense?.dimensions ?? null,
    metric: info.dense ? (info.dense.metric ?? "cosine") : null,
    space: info.dense?.spaceId ?? null,
    text_search: info.sparse !== undefined,
    tenancy: info.tenancy ?? "none",
    fields: Object.fromEntries(
      Object.entries(info.fields ?? {}).flatMap(([name, type]) => (type ? [[name, type]] : [])),
    ),
    points: isCountable ? await countOf(store, info.name, tenant, options) : null,
  };
}

async function countOf(
  store: VectorStore,
  name: string,
  tenant: string | undefined,
  options: CallOptions,
): Promise<number> {
  return await store.collection(name, tenant === undefined ? undefined : { tenant }).count({}, options);
}
