import type { CallOptions, FacetCount } from "@binnacle/core";
import { sortFacet, type FacetPlan } from "@binnacle/core/stores";
import { z } from "zod";
import { collectionPath } from "../wire/collection-path.ts";
import { metadataKey } from "../wire/payload-keys.ts";
import { selectorFilter } from "../wire/selector-filter.ts";
import type { ReadScope } from "./read-points.ts";

const schema = z.object({
  hits: z.array(
    z.object({ value: z.union([z.string(), z.number(), z.boolean()]), count: z.int().nonnegative() }),
  ),
});

/** Counts the values of a field, exactly. */
export async function readFacet(
  plan: FacetPlan,
  { api, collection, tenant }: ReadScope,
  call: CallOptions,
): Promise<readonly FacetCount[]> {
  const { name } = collection.spec;
  const json = {
    key: metadataKey(plan.field),
    filter: selectorFilter(plan.selector, tenant),
    limit: plan.limit,
    exact: true,
  };
  const request = { method: "POST", path: collectionPath(name, "/facet"), json, collection: name } as const;
  const { hits } = await api.result(request, schema, call);
  return sortFacet(
    hits.filter(({ count }) => count > 0),
    plan,
  );
}
