import { BinnacleError } from "../errors/binnacle-error.ts";
import { ConfigurationError } from "../errors/configuration-error.ts";
import type { TenantBinding } from "../spec/vector-store.ts";
import type { ResolvedSpec } from "./spec/resolve-spec.ts";

/** Throws a `ConfigurationError` if a binding has no valid tenant. No binding is valid too. */
export function checkBinding(binding: TenantBinding | undefined): void {
  if (!binding) return;
  const tenant: unknown = binding.tenant; // plain JavaScript may pass any value
  if (typeof tenant === "string" && tenant !== "" && tenant.isWellFormed()) return;
  throw new ConfigurationError(
    "`tenant` must be a non-empty, well-formed string. Omit the binding for a collection without tenants.",
  );
}

/** Throws code `tenant_required` or `tenant_forbidden` if the handle does not match the collection's
 * tenancy. */
export function checkTenancy(spec: ResolvedSpec, tenant: string | undefined): void {
  if (spec.tenancy === "required" && tenant === undefined)
    throw new BinnacleError(
      "tenant_required",
      `Collection "${spec.name}" requires a tenant. Bind the handle with { tenant }.`,
    );
  if (spec.tenancy === "none" && tenant !== undefined)
    throw new BinnacleError(
      "tenant_forbidden",
      `Collection "${spec.name}" has no tenants. Use an unbound handle.`,
    );
}
