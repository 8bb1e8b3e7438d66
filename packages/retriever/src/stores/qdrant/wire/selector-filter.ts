import type { FilterNode, SelectorPlan } from "@binnacle/core/stores";
import { SOURCE, TENANT } from "./payload-keys.ts";
import { sentinelId } from "./point-ids.ts";
import type { QdrantCondition, QdrantFilter } from "./qdrant-filter.ts";
import { translateFilter } from "./translate-filter.ts";

/** The conditions that confine a handle to its tenant. */
export function tenantConditions(tenant: string | undefined): readonly QdrantCondition[] {
  return tenant === undefined ? [] : [{ key: TENANT, match: { value: tenant } }];
}

/** The filter of a search; undefined if every point is searched. A sentinel has no vectors, so no search finds it. */
export function searchFilter(filter: FilterNode, tenant: string | undefined): QdrantFilter | undefined {
  const asked = translateFilter(filter);
  const must = [...tenantConditions(tenant), ...(asked ? [asked] : [])];
  return must.length === 0 ? undefined : { must };
}

/** The filter of a selector. A tenant's points exclude every sentinel by themselves, because sentinels have no tenant. */
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
