import { uuidFromName } from "@binnacle/core/kit";

/** Returns the id under which a point is stored. Ids are unique in a collection, so a tenant's ids are
 * hashed with its name. */
export function physicalId(id: string, tenant: string | undefined): string {
  return tenant === undefined ? id : uuidFromName(JSON.stringify(["binnacle.point", tenant, id]));
}

/** Returns the id of the point that holds the epochs of a tenant, or of a collection without tenants. */
export function sentinelId(tenant: string | undefined): string {
  return uuidFromName(JSON.stringify(["binnacle.sentinel", tenant ?? null]));
}
