import { z } from "zod";
import type { FacetCount, FacetOptions, FacetValue } from "../../spec/facet.ts";
import type { FieldType, Metadata, MetadataFields } from "../../spec/metadata.ts";
import { byCodePoint } from "../../kit/by-code-point.ts";
import { callOptionsFields } from "../../kit/parsing/call-options.ts";
import { parseOptions } from "../../kit/parsing/parse-options.ts";
import { planSelector, type SelectorPlan } from "../search/point-selector.ts";
import { once } from "../../kit/once.ts";
import { declaredType, FACET_TYPES, facetValues } from "./field-values.ts";

/** A checked call of `Collection.facet`. */
export interface FacetPlan {
  readonly field: string;
  readonly type: FieldType;
  readonly limit: number;
  /** Selects the points that are counted. */
  readonly selector: SelectorPlan;
}

const schema = once(() =>
  z
    .strictObject({
      ...callOptionsFields,
      filter: z.unknown().optional(),
      limit: z.int().min(1).max(1_000).default(10),
    })
    .default({ limit: 10 }),
);

/** Checks the options of a facet. Throws a `ConfigurationError`. */
export function parseFacetOptions(options: unknown): { readonly limit: number } {
  return parseOptions("facet", schema(), options);
}

/** Checks a facet against the declared fields. Throws a `ConfigurationError`. */
export function planFacet(
  field: string,
  options: FacetOptions | undefined,
  fields: MetadataFields,
): FacetPlan {
  const type = declaredType("facet: field", field, fields, FACET_TYPES);
  const { limit } = parseFacetOptions(options);
  return { field, type, limit, selector: planSelector({ filter: options?.filter }, fields) };
}

/** Counts the values of a field. */
export function countFacet(
  points: Iterable<{ readonly metadata: Metadata }>,
  plan: FacetPlan,
): readonly FacetCount[] {
  const counts = new Map<FacetValue, number>();
  for (const { metadata } of points)
    for (const value of facetValues(metadata, plan)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return sortFacet(
    Array.from(counts, ([value, count]) => ({ value, count })),
    plan,
  );
}

/** Sorts counts as {@link FacetCount} says, and cuts them to the limit. */
export function sortFacet(
  counts: readonly FacetCount[],
  { limit }: Pick<FacetPlan, "limit">,
): readonly FacetCount[] {
  return counts.toSorted((a, b) => b.count - a.count || compareValues(a.value, b.value)).slice(0, limit);
}

function compareValues(a: FacetValue, b: FacetValue): number {
  return typeof a === "string" && typeof b === "string" ? byCodePoint(a, b) : Number(a) - Number(b);
}
