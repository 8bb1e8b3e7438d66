import type { CallOptions, Collection, CollectionInfo, VectorStore } from "@binnacle/core";
import type { FastifyRequest } from "fastify";
import type { Principal } from "../../../guard/principal.ts";
import { RequestFault } from "../../request-fault.ts";

/** Begins the names of the server's own collections, which no route shows or changes. */
export const ownPrefix = "binnacle_";

/** A collection as one caller may use it. */
export interface OpenCollection {
  readonly info: CollectionInfo;
  /** A handle that is bound to the tenant if the collection has tenants. */
  readonly points: Collection;
  readonly tenant: string | undefined;
}

/** A request, and the options of its calls to the store. */
export interface CollectionCall {
  readonly request: Pick<FastifyRequest, "principal" | "headers">;
  readonly options: CallOptions;
}

/** Opens a collection for the caller. A collection that the caller may not see counts as missing. */
export async function openCollection(
  store: VectorStore,
  name: string,
  { request, options }: CollectionCall,
): Promise<OpenCollection> {
  const info = await visibleCollection(store, name, { request, options });
  if (info.tenancy !== "required") return { info, points: store.collection(name), tenant: undefined };
  const tenant = tenantOf(request);
  if (tenant !== undefined) return { info, points: store.collection(name, { tenant }), tenant };
  const message = `collection "${name}" is kept apart by tenant; name one with the header x-tenant`;
  throw new RequestFault(400, message, { code: "tenant_required" });
}

/** Returns the definition of a collection, or throws 404 if the caller may not see it. */
export async function visibleCollection(
  store: VectorStore,
  name: string,
  { request, options }: CollectionCall,
): Promise<CollectionInfo> {
  const isNamed = canName(request.principal, name);
  const info = isNamed ? await store.describeCollection(name, options) : undefined;
  if (info !== undefined && canSee(request.principal, info)) return info;
  throw new RequestFault(404, `there is no collection "${name}"; create it with POST /api/v1/collections`);
}

/** Returns true if the caller may see a collection. A tenant sees only collections that keep tenants apart. */
export function canSee(principal: Principal, info: CollectionInfo): boolean {
  return canName(principal, info.name) && (principal.tenant === undefined || info.tenancy === "required");
}

/** Throws 403 if the caller's key reaches only other collections. For a collection that does not exist yet. */
export function requireName(principal: Principal, name: string): void {
  if (!canName(principal, name))
    throw new RequestFault(403, `the key does not reach the collection "${name}"`);
}

function canName({ collections }: Principal, name: string): boolean {
  if (name.startsWith(ownPrefix)) return false;
  return collections === undefined || collections.includes(name);
}

/** Returns the caller's tenant. Only an operator, who has none, may name one in the header. */
export function tenantOf({ principal, headers }: CollectionCall["request"]): string | undefined {
  const named = headers["x-tenant"];
  if (named === undefined || named === "") return principal.tenant;
  if (typeof named === "string" && (principal.tenant ?? named) === named) return named;
  throw new RequestFault(403, "the key belongs to another tenant than the header x-tenant names");
}
