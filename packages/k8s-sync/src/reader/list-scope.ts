import { BinnacleError, type CallOptions } from "@binnacle/core";
import type { ClusterClient } from "../cluster/cluster-client.ts";
import type { KubernetesObject } from "../objects/kubernetes-object.ts";
import { classifyFailure } from "../reflector/classify-failure.ts";
import { listPage, type CollectionQuery } from "../reflector/list-pages.ts";

/** Options of {@link listScope}. */
export interface ListScopeOptions extends CallOptions {
  readonly pageSize: number;
  readonly metadataOnly: boolean;
}

const attempts = 3;

/** Lists a collection completely and returns what `read` returns for each object, without undefined. Starts
 * again if a page's token expires. */
export async function listScope<T>(
  client: ClusterClient,
  query: CollectionQuery,
  read: (object: KubernetesObject) => T | undefined,
  options: ListScopeOptions,
): Promise<readonly T[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await listOnce(client, query, read, options);
    } catch (error) {
      const isExpired = BinnacleError.isInstance(error) && classifyFailure(error) === "expired";
      if (!isExpired || attempt === attempts) throw error;
    }
  }
}

async function listOnce<T>(
  client: ClusterClient,
  query: CollectionQuery,
  read: (object: KubernetesObject) => T | undefined,
  { pageSize, metadataOnly, ...call }: ListScopeOptions,
): Promise<readonly T[]> {
  const found: T[] = [];
  let page: string | undefined;
  do {
    const listed = await listPage(client, query, { ...call, limit: pageSize, page, metadataOnly });
    for (const object of listed.objects) {
      const value = read(object);
      if (value !== undefined) found.push(value);
    }
    page = listed.next;
  } while (page !== undefined);
  return found;
}
