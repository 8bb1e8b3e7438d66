import type { FollowStatus } from "@binnacle/retriever";
import type { ScopeStatus } from "@binnacle/k8s-sync";
import type { ClusterRecord, ScopeRecord } from "./cluster-record.ts";

/** Returns the scopes after a snapshot. */
export function scopesOfSource(status: readonly ScopeStatus[]): ScopeRecord[] {
  return status.map(({ scope, state, asOf, error }) => ({
    scope,
    state: state === "degraded" ? "degraded" : asOf === undefined ? "pending" : "current",
    ...(asOf === undefined ? {} : { asOf }),
    ...(error === undefined ? {} : { error: error.message }),
  }));
}

/** Sums up the last comparisons of the scopes. Undefined before the first. */
export function driftOfSource(status: readonly ScopeStatus[]): ClusterRecord["drift"] {
  const checks = status.flatMap(({ drift }) => drift ?? []);
  if (checks.length === 0) return undefined;
  const objects = checks.reduce((sum, { missing, stale, orphaned }) => sum + missing + stale + orphaned, 0);
  return { checkedAt: Math.min(...checks.map(({ checkedAt }) => checkedAt)), objects };
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
