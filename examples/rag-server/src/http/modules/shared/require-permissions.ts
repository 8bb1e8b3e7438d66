import type { Permission } from "../../../guard/permissions.ts";
import type { Principal } from "../../../guard/principal.ts";
import { RequestFault } from "../../request-fault.ts";

/** Throws 403 unless the caller has every permission. */
export function requirePermissions(principal: Principal, needed: readonly Permission[]): void {
  const missing = needed.filter((permission) => !principal.permissions.has(permission));
  if (missing.length === 0) return;
  throw new RequestFault(403, `the key lacks the permission ${missing.join(" and ")}`);
}
