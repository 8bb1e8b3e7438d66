import type { KubernetesMetadata } from "@binnacle/k8s-sync";
import type { ClusterRecord, ScopeRecord } from "../cluster/cluster-record.ts";
import { age } from "./age.ts";

// A process that follows the cluster renews its record once a second.
const followedMs = 15_000;

/** Returns true if a process follows the cluster at this time. */
export function isFollowed({ mode, updatedAt }: ClusterRecord, now: number): boolean {
  return mode === "watching" && now - updatedAt < followedMs;
}

/** Says how current the documents of an index are. */
export interface Freshness {
  /** Returns words such as `12 s ago` or `degraded, 3 min ago` for an object. */
  of(object: Pick<KubernetesMetadata, "resource" | "namespace">): string;
  /** Returns the age of an object's scope in milliseconds. Undefined if it is not known. */
  ageMs(object: Pick<KubernetesMetadata, "resource" | "namespace">): number | undefined;
  /** Sentences about scopes that cannot be trusted: forbidden, degraded or not yet synced. With types, only
   * about these types. */
  warnings(resources?: readonly string[]): readonly string[];
}

/** Reads the freshness from a record. */
export function freshnessOf(record: ClusterRecord | undefined, now: number): Freshness {
  if (record === undefined) return unknownFreshness;
  const scopes = new Map(record.scopes.map((scope) => [scope.scope, scope]));
  const find = ({
    resource,
    namespace,
  }: Pick<KubernetesMetadata, "resource" | "namespace">): ScopeRecord | undefined =>
    scopes.get(`${resource}/${namespace ?? ""}`) ?? scopes.get(resource);
  const ageMs: Freshness["ageMs"] = (object) => {
    const asOf = find(object)?.asOf;
    return asOf === undefined ? undefined : Math.max(0, now - asOf);
  };
  return {
    ageMs,
    of: (object) => {
      const ms = ageMs(object);
      const words = ms === undefined ? "unknown age" : `${age(ms)} ago`;
      return find(object)?.state === "degraded" ? `degraded, ${words}` : words;
    },
    warnings: (resources) => [
      ...processWarnings(record, now),
      ...record.scopes.filter(({ scope }) => isAbout(scope, resources)).flatMap(scopeWarning),
    ],
  };
}

const unknownFreshness: Freshness = {
  of: () => "unknown age",
  ageMs: () => undefined,
  warnings: () => ["It is not known how current the index is."],
};

function processWarnings(record: ClusterRecord, now: number): readonly string[] {
  const since = age(now - record.updatedAt);
  if (record.error !== undefined) return [`The sync cannot continue: ${record.error}`];
  if (isFollowed(record, now)) return [];
  return [`No process follows the cluster. The index is as old as its last run, ${since} ago.`];
}

function scopeWarning({ scope, state, error, asOf }: ScopeRecord): readonly string[] {
  if (state === "current") return [];
  if (state === "pending") return [`${scope} is not synced yet.`];
  if (/forbidden|\b403\b/i.test(error ?? ""))
    return [
      `${scope} is forbidden to the sync, so ${asOf === undefined ? "it is not in the index" : "it may be stale"}.`,
    ];
  return [`${scope} is degraded and may be stale${error === undefined ? "" : `: ${error}`}`];
}

function isAbout(scope: string, resources: readonly string[] | undefined): boolean {
  return resources === undefined || resources.includes(scope.split("/")[0] ?? "");
}
