import { BinnacleError } from "../errors/binnacle-error.ts";
import { ConfigurationError } from "../errors/configuration-error.ts";
import type { TenantBinding } from "../spec/vector-store.ts";
import type { ResolvedSpec } from "./spec/resolve-spec.ts";

/** Throws a `ConfigurationError` if the binding names no tenant. A missing binding is fine. */
export function checkBinding(binding: TenantBinding | undefined): void {
  if (!binding) return;
  const tenant: unknown = binding.tenant; // plain JavaScript can pass anything
  if (typeof tenant === "string" && tenant !== "" && tenant.isWellFormed()) return;
  throw new ConfigurationError(
    "a tenant's name is a well-formed string that is not empty; leave the binding out for none",
  );
}

/** Throws `tenant_required` or `tenant_forbidden` if a handle does not fit the collection. */
export function checkTenancy(spec: ResolvedSpec, tenant: string | undefined): void {
  if (spec.tenancy === "required" && tenant === undefined)
    throw new BinnacleError(
      "tenant_required",
      `collection "${spec.name}" is used with { tenant } only; bind the handle`,
    );
  if (spec.tenancy === "none" && tenant !== undefined)
    throw new BinnacleError(
      "tenant_forbidden",
      `collection "${spec.name}" has no tenants; use an unbound handle`,
    );
}
