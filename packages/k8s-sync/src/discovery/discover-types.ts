import type { CallOptions } from "@binnacle/core";
import type { ClusterClient } from "../cluster/cluster-client.ts";
import { aggregatedAccept, isAggregated, parseAggregated } from "./aggregated-discovery.ts";
import { preferredTypes, type DiscoveredTypes } from "./discovered-types.ts";
import { discoverLegacy } from "./discover-legacy.ts";

/**
 * Returns every type that can be listed and watched. Uses two requests if the server has aggregated
 * discovery. A group that does not answer is reported and stops no other group.
 */
export async function discoverTypes(
  client: ClusterClient,
  options: CallOptions = {},
): Promise<DiscoveredTypes> {
  const headers = { accept: aggregatedAccept };
  const [core, groups] = await Promise.all(
    ["/api", "/apis"].map((path) => client.json({ path, headers }, options)),
  );
  if (isAggregated(core) && isAggregated(groups)) {
    const found = [parseAggregated(core), parseAggregated(groups)];
    return {
      types: preferredTypes(found.flatMap(({ versions }) => versions)),
      unavailable: found.flatMap(({ unavailable }) => unavailable),
    };
  }
  // A server whose aggregation is half on answers one path in each form.
  const ask = (path: string): Promise<unknown> => client.json({ path }, options);
  const plain = await Promise.all([
    isAggregated(core) ? ask("/api") : core,
    isAggregated(groups) ? ask("/apis") : groups,
  ]);
  const { versions, unavailable } = await discoverLegacy(plain[0], plain[1], ask);
  return { types: preferredTypes(versions), unavailable };
}
