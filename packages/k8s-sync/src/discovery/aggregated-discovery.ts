import { BinnacleError } from "@binnacle/core";
import { parseResponse } from "@binnacle/core/kit";
import { z } from "zod";
import type { GroupVersion, UnavailableGroup } from "./discovered-types.ts";

/** Asks for all groups in one response (KEP-3352), and accepts the old response from older servers. */
export const aggregatedAccept =
  "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

const schema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string().default("") }).default({ name: "" }),
      versions: z
        .array(
          z.object({
            version: z.string(),
            freshness: z.string().optional(),
            resources: z
              .array(
                z.object({
                  resource: z.string(),
                  responseKind: z.object({ kind: z.string() }).optional(),
                  scope: z.string(),
                  verbs: z.array(z.string()).default([]),
                }),
              )
              .default([]),
          }),
        )
        .default([]),
    }),
  ),
});

/** Returns true if the server answered with all groups at once. */
export function isAggregated(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && Reflect.get(value, "kind") === "APIGroupDiscoveryList"
  );
}

/** Reads an aggregated response. A version that the server marks as stale is also unavailable. */
export function parseAggregated(value: unknown): {
  readonly versions: readonly GroupVersion[];
  readonly unavailable: readonly UnavailableGroup[];
} {
  const { items } = parseResponse("API discovery", schema, value);
  const versions: GroupVersion[] = [];
  const unavailable: UnavailableGroup[] = [];
  for (const { metadata, versions: served } of items) {
    const group = metadata.name;
    for (const { version, freshness, resources } of served) {
      if (freshness === "Stale") unavailable.push({ group, version, error: staleError(group, version) });
      const types = resources.map(({ resource, responseKind, scope, verbs }) => {
        return {
          group,
          version,
          kind: responseKind?.kind ?? "",
          plural: resource,
          namespaced: scope === "Namespaced",
          verbs,
        };
      });
      versions.push({ group, version, types: types.filter(({ kind }) => kind !== "") });
    }
  }
  return { versions, unavailable };
}

function staleError(group: string, version: string): BinnacleError {
  return new BinnacleError(
    "api_unavailable",
    `The API ${group}/${version} does not answer. Check its APIService and the server behind it.`,
    { retryable: true },
  );
}
