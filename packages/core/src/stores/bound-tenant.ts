import { BinnacleError } from "../errors/binnacle-error.ts";
import { ConfigurationError } from "../errors/configuration-error.ts";
import type { TenantBinding } from "../spec/vector-store.ts";
import { describeValue } from "../kit/parsing/describe-value.ts";
import type { ResolvedSpec } from "./spec/resolve-spec.ts";

/**
 * Returns the tenant of a binding, or undefined without a binding. Keep the result instead of the binding,
 * which the caller may change. Throws a `ConfigurationError` if the binding has no valid tenant.
 */
export function boundTenant(binding: TenantBinding | undefined): string | undefined {
  if (binding === undefined) return undefined;
  const tenant: unknown = binding?.tenant; // plain JavaScript may pass any value
  if (typeof tenant === "string" && tenant !== "" && tenant.isWellFormed()) return tenant;
  const message = `must be a non-empty, well-formed string, got ${describeValue(tenant)}. Omit the binding for a collection without tenants`;
  throw new ConfigurationError(`collection: \`tenant\` ${message}.`, {
    issues: [{ path: "tenant", message }],
  });
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
