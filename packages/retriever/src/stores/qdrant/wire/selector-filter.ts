import type { SearchPlan, SelectorPlan } from "@binnacle/core/stores";
import { SOURCE, TENANT } from "./payload-keys.ts";
import { physicalId, sentinelId } from "./point-ids.ts";
import type { QdrantCondition, QdrantFilter } from "./qdrant-filter.ts";
import { translateFilter } from "./translate-filter.ts";

/** Returns the conditions that limit a handle to its tenant. */
export function tenantConditions(tenant: string | undefined): readonly QdrantCondition[] {
  return tenant === undefined ? [] : [{ key: TENANT, match: { value: tenant } }];
}

/** Returns the filter of a search, or undefined if it covers every point. The points that hold
 * epochs need no condition, because they have no vectors. */
export function searchFilter(
  { filter, seeds }: Pick<SearchPlan, "filter" | "seeds">,
  tenant: string | undefined,
): QdrantFilter | undefined {
  const asked = translateFilter(filter);
  const must = [...tenantConditions(tenant), ...(asked ? [asked] : [])];
  const excluded = Array.from(seeds, (id) => physicalId(id, tenant));
  if (must.length === 0 && excluded.length === 0) return undefined;
  return { must, ...(excluded.length > 0 && { must_not: [{ has_id: excluded }] }) };
}

/** Returns the filter of a selector. A tenant's filter excludes every sentinel, because sentinels have no
 * tenant. */
export function selectorFilter(
  { filter, sourceId, documentId, index }: Omit<SelectorPlan, "test">,
  tenant: string | undefined,
): QdrantFilter {
  const asked = translateFilter(filter);
  const must = [
    ...tenantConditions(tenant),
    ...(sourceId === undefined ? [] : [{ key: SOURCE, match: { value: sourceId } }]),
    ...(documentId === undefined ? [] : [{ key: "documentId", match: { value: documentId } }]),
    ...(index === undefined ? [] : [{ key: "index", match: { value: index } }]),
    ...(asked ? [asked] : []),
  ];
  return tenant === undefined ? { must, must_not: [{ has_id: [sentinelId(tenant)] }] } : { must };
}
