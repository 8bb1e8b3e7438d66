import { InvalidResponseError, type CallOptions } from "@binnacle/core";
import { isPlainObject } from "@binnacle/core/kit";
import type { ClusterClient } from "../cluster/cluster-client.ts";
import { isKubernetesObject, type KubernetesObject } from "../objects/kubernetes-object.ts";

/** The collection to list: its path and the selectors that the server applies. */
export interface CollectionQuery {
  readonly path: string;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
}

/** One page of a list. */
export interface ListPage {
  readonly objects: readonly KubernetesObject[];
  readonly resourceVersion: string;
  /** Token of the next page. Undefined after the last page. */
  readonly next: string | undefined;
}

/** Options of {@link listPage}. */
export interface ListPageOptions extends CallOptions {
  readonly limit: number | undefined;
  /** Token of the page. @default the first page */
  readonly page?: string | undefined;
  /** Asks for the metadata only. A server that cannot leave out the rest sends whole objects. @default
   * false */
  readonly metadataOnly?: boolean | undefined;
}

const metadataAccept = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";

/** Lists one page. Objects without a name are left out. */
export async function listPage(
  client: ClusterClient,
  { path, labelSelector, fieldSelector }: CollectionQuery,
  { limit, page, metadataOnly = false, ...call }: ListPageOptions,
): Promise<ListPage> {
  const query = { labelSelector, fieldSelector, limit, continue: page };
  const headers = metadataOnly ? { accept: metadataAccept } : {};
  const value = await client.json({ path, query, headers }, call);
  const { items, metadata } = isPlainObject(value) ? value : {};
  const { resourceVersion, continue: next } = isPlainObject(metadata) ? metadata : {};
  // Go writes an empty list as null.
  const objects: unknown = items ?? [];
  if (!Array.isArray(objects) || typeof resourceVersion !== "string")
    throw new InvalidResponseError(
      `GET ${path}: the response is no list of objects with a resource version.`,
    );
  return {
    objects: objects.filter(isKubernetesObject),
    resourceVersion,
    next: typeof next === "string" && next !== "" ? next : undefined,
  };
}
