import { ConfigurationError } from "../../errors/configuration-error.ts";
import type { PointSelector } from "../../spec/collection.ts";
import type { Metadata, MetadataFields } from "../../spec/metadata.ts";
import { parseOptions } from "../../kit/parsing/parse-options.ts";
import { z } from "zod";
import type { FilterNode } from "../filter/filter-node.ts";
import { filterPredicate } from "../filter/filter-predicate.ts";
import { parseFilter } from "../filter/parse-filter.ts";

/** The fields of a point that a selector compares. */
export interface SelectablePoint {
  readonly sourceId: string;
  readonly documentId: string;
  readonly index: number;
  readonly metadata: Metadata;
}

/** Returns true if a selector selects the point. */
export type PointTest = (point: SelectablePoint) => boolean;

/** A selector, checked against the collection. */
export interface SelectorPlan {
  readonly sourceId: string | undefined;
  readonly documentId: string | undefined;
  readonly index: number | undefined;
  readonly filter: FilterNode;
  /** Undefined if the selector selects every point. */
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

/** Checks the selector of a deletion, which must have a condition. Throws a `ConfigurationError`. */
export function planDeletion(
  selector: PointSelector,
  fields: MetadataFields,
): SelectorPlan & { readonly test: PointTest } {
  const { test, ...plan } = planSelector(selector, fields);
  if (test) return { ...plan, test };
  throw new ConfigurationError(
    "`deleteWhere` needs a condition. To delete all points, delete the collection.",
  );
}
