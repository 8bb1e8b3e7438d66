import { ConfigurationError } from "../../errors/configuration-error.ts";
import type { Fence, PointSelector } from "../../spec/collection.ts";
import type { Metadata, MetadataFields } from "../../spec/metadata.ts";
import { parseOptions } from "../../kit/parsing/parse-options.ts";
import { z } from "zod";
import type { FilterNode } from "../filter/filter-node.ts";
import { filterPredicate } from "../filter/filter-predicate.ts";
import { once } from "../../kit/once.ts";
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

const schema = once(() =>
  z.strictObject({
    filter: z.unknown().optional(),
    sourceId: z.string().optional(),
    documentId: z.string().optional(),
    index: z.int().min(0).optional(),
  }),
);

/**
 * Checks the fields of a selector, but not its filter. Throws a `ConfigurationError` that lists every issue.
 */
export function checkSelector(selector: unknown): PointSelector {
  const { filter: _, ...fields } = parseOptions("selector", schema(), selector);
  return fields;
}

/** Checks a selector against the declared fields. Throws a `ConfigurationError` that lists every issue. */
export function planSelector(selector: PointSelector, fields: MetadataFields): SelectorPlan {
  const { sourceId, documentId, index } = checkSelector(selector);
  const filter = parseFilter(selector.filter, fields);
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

/**
 * Checks the selector of a deletion, which must have a condition. With a fence, the plan selects only points
 * of the fence's source. Throws a `ConfigurationError`, also if the selector names another source.
 */
export function planDeletion(
  selector: PointSelector,
  fields: MetadataFields,
  fence?: Fence,
): SelectorPlan & { readonly test: PointTest } {
  const plan = planSelector(selector, fields);
  const { sourceId = fence?.sourceId } = plan;
  if (fence !== undefined && sourceId !== fence.sourceId)
    throw new ConfigurationError(
      `deleteWhere: \`sourceId\` is "${sourceId}", but the fence is of source "${fence.sourceId}". Use a fence of source "${sourceId}", or no fence.`,
    );
  // Not spread, because the filter may be a getter of the selector's class.
  const { documentId, index } = plan;
  const { test } = planSelector({ filter: selector.filter, sourceId, documentId, index }, fields);
  if (plan.test && test) return { ...plan, sourceId, test };
  throw new ConfigurationError(
    "`deleteWhere` needs a condition. To delete all points, delete the collection.",
  );
}
