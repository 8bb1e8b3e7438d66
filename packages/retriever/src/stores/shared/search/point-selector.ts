import type { MetadataFields, PointSelector } from "@binnacle/core";
import { parseOptions } from "@binnacle/core/kit";
import { z } from "zod";
import type { FilterNode } from "../filter/filter-node.ts";
import { filterPredicate } from "../filter/filter-predicate.ts";
import { parseFilter } from "../filter/parse-filter.ts";
import type { PointTest } from "../index/collection-index.ts";

/** A selector that was checked against the collection. */
export interface SelectorPlan {
  readonly sourceId: string | undefined;
  readonly documentId: string | undefined;
  readonly index: number | undefined;
  readonly filter: FilterNode;
  /** Undefined where every point is chosen. */
  readonly test: PointTest | undefined;
}

const schema = z.strictObject({
  filter: z.unknown().optional(),
  sourceId: z.string().optional(),
  documentId: z.string().optional(),
  index: z.int().min(0).optional(),
});

/** Checks a selector against the declared fields. Throws a `ConfigurationError` that lists every issue. */
export function planSelector(selector: PointSelector, fields: MetadataFields): SelectorPlan {
  const { sourceId, documentId, index, filter: unparsed } = parseOptions("selector", schema, selector);
  const filter = parseFilter(unparsed, fields);
  const metadataTest = filter.kind === "all" ? undefined : filterPredicate(filter);
  const chooses: PointTest = (point) =>
    (sourceId === undefined || point.sourceId === sourceId) &&
    (documentId === undefined || point.documentId === documentId) &&
    (index === undefined || point.index === index) &&
    (!metadataTest || metadataTest(point.metadata));
  const given = [sourceId, documentId, index, metadataTest];
  const everything = given.every((condition) => condition === undefined);
  return { sourceId, documentId, index, filter, test: everything ? undefined : chooses };
}
