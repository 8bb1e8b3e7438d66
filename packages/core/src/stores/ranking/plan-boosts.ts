import type { Metadata, MetadataFields } from "../../spec/metadata.ts";
import type { DecayBoost } from "../../spec/search.ts";
import { describeValue } from "../../kit/parsing/describe-value.ts";
import { filterPredicate } from "../filter/filter-predicate.ts";
import { parseFilter } from "../filter/parse-filter.ts";
import {
  declaredType,
  ORDERED_TYPES,
  positionOf,
  positionsOf,
  type Position,
} from "../reads/field-values.ts";
import type { ParsedBoost } from "../search/parse-query.ts";
import { refused } from "../search/plan-leg.ts";

/** Returns the number that a boost adds to the score of a hit. */
export type PlannedBoost = (metadata: Metadata) => number;

/** Checks boosts against the declared fields. Throws a `ConfigurationError`. */
export function planBoosts(boosts: readonly ParsedBoost[], fields: MetadataFields): readonly PlannedBoost[] {
  return boosts.map(({ when, add, field, decay }, i) => {
    const isFilter = when !== undefined || add !== undefined;
    if (field !== undefined && decay && !isFilter) return planDecay({ field, decay }, `boost.${i}`, fields);
    if (when === undefined || add === undefined || field !== undefined || decay)
      throw refused(`boost.${i}`, "must have either `when` and `add`, or `field` and `decay`");
    const test = filterPredicate(parseFilter(when, fields));
    return (metadata) => (test(metadata) ? add : 0);
  });
}

function planDecay({ field, decay }: DecayBoost, path: string, fields: MetadataFields): PlannedBoost {
  const type = declaredType(`search: ${path}.field`, field, fields, ORDERED_TYPES);
  const target = positionOf(decay.target, type);
  if (target === undefined) {
    const expected = type === "datetime" ? "a datetime such as 2026-03-01" : "a number";
    throw refused(
      `${path}.decay.target`,
      `expected ${expected} for field "${field}", got ${describeValue(decay.target)}`,
    );
  }
  const halfAt = type === "datetime" ? decay.halfAt * 1000 : decay.halfAt; // instants are in microseconds
  return (metadata) => {
    const distances = positionsOf(metadata, { field, type }).map((position) => distance(position, target));
    return distances.length > 0 ? decay.add * 0.5 ** (Math.min(...distances) / halfAt) : 0;
  };
}

function distance(a: Position, b: Position): number {
  return Math.abs(Number(a) - Number(b));
}
