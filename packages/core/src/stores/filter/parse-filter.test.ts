import { ConfigurationError } from "../../errors/configuration-error.ts";
import type { MetadataFields } from "../../spec/metadata.ts";
import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { parseFilter } from "./parse-filter.ts";

const FIELDS: MetadataFields = { kind: "keyword", year: "integer", at: "datetime", title: "text" };

function issuesOf(filter: unknown): readonly string[] {
  try {
    parseFilter(filter, FIELDS);
  } catch (error) {
    if (ConfigurationError.isInstance(error)) return error.issues.map(({ path }) => path);
    throw error;
  }
  return [];
}

test("parses any outside value or refuses it with issues", () => {
  const keys = fc.constantFrom(
    "kind",
    "year",
    "at",
    "title",
    "$and",
    "$or",
    "$not",
    "$eq",
    "$in",
    "$gt",
    "__proto__",
    "x",
  );
  const { json } = fc.letrec((tie) => ({
    json: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom<unknown>(null, true, 1, 0.5, NaN, "", "a", "2024-01-01", undefined),
      fc.array(tie("json"), { maxLength: 3 }),
      fc.dictionary(keys, tie("json"), { maxKeys: 3 }),
      fc.anything(),
    ),
  }));
  fc.assert(
    fc.property(json, (filter) => {
      issuesOf(filter);
    }),
    { numRuns: 1000 * inject("propertyShare") },
  );
});

test("refuses dates, maps and class instances instead of reading them as empty conditions", () => {
  class Year {}
  for (const value of [new Date(), new Map(), new Year(), /x/, () => 1, 5n])
    expect(issuesOf({ kind: value })).toEqual(["filter.kind"]);
  expect(issuesOf(new Map([["kind", 1]]))).toEqual(["filter"]);
});

test("refuses a huge filter without reading all of it, with a bounded number of issues", () => {
  const wide = { $or: Array.from({ length: 200_000 }, () => ({ nope: 1 })) };
  const paths = issuesOf(wide);
  expect(paths.length).toBeGreaterThan(1);
  expect(paths.length).toBeLessThanOrEqual(50);
  let deep: object = {};
  for (let i = 0; i < 20_000; i++) deep = { $not: deep };
  expect(issuesOf(deep)).toHaveLength(1);
  expect(issuesOf({ kind: { $in: Array.from({ length: 200_000 }, () => 1) } })).toEqual(["filter.kind.$in"]);
});

test("simplifies conditions that always or never hold", () => {
  const always = [
    {},
    undefined,
    { $and: [] },
    { kind: { $nin: [] } },
    { $not: { $or: [] } },
    { $or: [{ kind: "a" }, {}] },
  ];
  for (const filter of always) expect(parseFilter(filter, FIELDS)).toEqual({ kind: "all" });
  const never = [{ $or: [] }, { kind: { $in: [] } }, { $not: {} }, { kind: "a", $or: [] }];
  for (const filter of never) expect(parseFilter(filter, FIELDS)).toEqual({ kind: "none" });
});
