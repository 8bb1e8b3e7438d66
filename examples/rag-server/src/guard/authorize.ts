import { RequestFault } from "../http/request-fault.ts";
import type { GuardedAccess } from "../http/modules/shared/access.ts";
import type { Principal } from "./principal.ts";

/** Throws 403 unless the caller may call the route. */
export function authorize(principal: Principal, { permission, operatorOnly }: GuardedAccess): void {
  if (!principal.permissions.has(permission))
    throw new RequestFault(403, `the key lacks the permission ${permission}`);
  if (operatorOnly === true && principal.tenant !== undefined)
    throw new RequestFault(
      403,
      "a tenant's key cannot use this route, because all tenants share what it changes",
    );
}
