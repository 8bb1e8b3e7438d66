import type { FollowStatus } from "@binnacle/retriever";
import type { ScopeStatus } from "@binnacle/k8s-sync";
import type { ScopeRecord } from "./cluster-record.ts";

/** Returns the scopes after a snapshot. */
export function scopesOfSource(status: readonly ScopeStatus[]): ScopeRecord[] {
  return status.map(({ scope, state, asOf, error }) => ({
    scope,
    state: state === "degraded" ? "degraded" : asOf === undefined ? "pending" : "current",
    ...(asOf === undefined ? {} : { asOf }),
    ...(error === undefined ? {} : { error: error.message }),
  }));
}

/** Returns the scopes of a followed cluster. */
export function scopesOfFollow({ scopes }: FollowStatus): ScopeRecord[] {
  return scopes.map(({ scope, state, isDegraded, asOf, error }) => {
    const isBad = isDegraded || state === "incomplete" || state === "refused";
    return {
      scope,
      state: isBad ? "degraded" : state === "current" ? "current" : "pending",
      ...(asOf === undefined ? {} : { asOf }),
      ...(error === undefined ? {} : { error: error.message }),
    };
  });
}
