import { z } from "zod";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import type { CallOptions } from "../../spec/call-options.ts";
import type { FacetValue } from "../../spec/facet.ts";
import type { GroupOptions } from "../../spec/hit-group.ts";
import type { FieldType, Metadata, MetadataFields } from "../../spec/metadata.ts";
import type { SearchQuery } from "../../spec/search.ts";
import { callOptionsFields } from "../../kit/parsing/call-options.ts";
import { parseOptions } from "../../kit/parsing/parse-options.ts";
import { once } from "../../kit/once.ts";
import { declaredType, FACET_TYPES, facetValues } from "./field-values.ts";

/** A checked call of `Collection.searchGroups`. */
export interface GroupPlan {
  readonly field: string;
  readonly type: FieldType;
  readonly size: number;
  readonly limit: number;
  readonly offset: number;
  /** The search whose hits are put into groups. */
  readonly query: SearchQuery;
}

const MAX_CANDIDATES = 1_000;

const schema = once(() =>
  z.strictObject({
    ...callOptionsFields,
    by: z.string(),
    size: z.int().min(1).max(100),
    candidates: z.int().min(1).max(MAX_CANDIDATES).optional(),
  }),
);
const pageSchema = once(() => z.looseObject({ limit: z.int().min(1), offset: z.int().min(0).default(0) }));

/** Checks the options of groups. Throws a `ConfigurationError`. */
export function parseGroupOptions(options: unknown): Omit<GroupOptions, keyof CallOptions> {
  return parseOptions("searchGroups", schema(), options);
}

/** Checks groups against the declared fields. Throws a `ConfigurationError`. */
export function planGroups(query: SearchQuery, options: GroupOptions, fields: MetadataFields): GroupPlan {
  const { by, size, candidates } = parseGroupOptions(options);
  const { limit, offset } = parseOptions("searchGroups", pageSchema(), query);
  const type = declaredType("searchGroups: by", by, fields, FACET_TYPES);
  if (query.mmr !== undefined)
    throw new ConfigurationError("searchGroups: `mmr` cannot be combined with groups. Omit it.");
  const wanted = candidates ?? Math.min(MAX_CANDIDATES, Math.max(50, 4 * size * (limit + offset)));
  return { field: by, type, size, limit, offset, query: { ...query, limit: wanted, offset: 0 } };
}

/** One group of {@link groupHits}. */
export interface Group<H> {
  readonly value: FacetValue;
  readonly hits: readonly H[];
}

/** Puts hits into groups, as `HitGroup` says. The hits must be sorted best first. */
export function groupHits<H extends { readonly metadata: Metadata }>(
  hits: readonly H[],
  plan: GroupPlan,
): readonly Group<H>[] {
  const groups = new Map<FacetValue, H[]>();
  for (const hit of hits) {
    for (const value of facetValues(hit.metadata, plan)) {
      const group = groups.get(value) ?? [];
      groups.set(value, group);
      if (group.length < plan.size) group.push(hit);
    }
  }
  const page = [...groups].slice(plan.offset, plan.offset + plan.limit);
  return page.map(([value, found]) => ({ value, hits: found }));
}
