import type { Filter, MetadataFields } from "@binnacle/core";
import { parseFilter } from "@binnacle/core/stores";
import { expect, test } from "vitest";
import { recorded } from "../fixtures/recorded.ts";
import { selectorFilter } from "./selector-filter.ts";
import { translateFilter } from "./translate-filter.ts";

const FIELDS: MetadataFields = {
  kind: "keyword",
  title: "text",
  n: "integer",
  price: "float",
  ok: "boolean",
  at: "datetime",
  größe: "keyword",
};

const translate = (filter: Filter) => translateFilter(parseFilter(filter, FIELDS));

test.each<readonly [Filter, unknown]>([
  [{ kind: "a" }, { key: "m.kind", match: { value: "a" } }],
  [{ kind: { $in: ["a", "b"] } }, { key: "m.kind", match: { any: ["a", "b"] } }],
  [{ kind: null }, { is_null: { key: "m.kind" } }],
  [{ n: { $in: [1, null] } }, { should: [{ is_null: { key: "m.n" } }, { key: "m.n", match: { value: 1 } }] }],
  [{ kind: { $ne: "a" } }, { must_not: [{ key: "m.kind", match: { value: "a" } }] }],
  [{ n: { $gte: 2.5 } }, { key: "m.n", range: { gte: 2.5 } }],
  [{ größe: "XL" }, { key: 'm."größe"', match: { value: "XL" } }],
  [
    { $or: [{ ok: true }, { n: 1 }] },
    {
      should: [
        { key: "m.ok", match: { value: true } },
        { key: "m.n", match: { value: 1 } },
      ],
    },
  ],
  [{ kind: { $in: [] } }, { has_id: [] }],
])("translates %j", (filter, expected) => {
  expect(translate(filter)).toEqual(expected);
});

test("matches floats and datetimes by range, because Qdrant does not match them by value", () => {
  expect(translate({ price: 0.5 })).toEqual({ key: "m.price", range: { gte: 0.5, lte: 0.5 } });
  const at = "2023-12-31T23:00:00.000000Z";
  expect(translate({ at: { $in: ["2024-01-01T00:00:00+01:00"] } })).toEqual({
    key: "m.at",
    range: { gte: at, lte: at },
  });
  expect(translate({ at: { $lt: "1969-12-31T23:59:59.5Z" } })).toEqual({
    key: "m.at",
    range: { lt: "1969-12-31T23:59:59.500000Z" },
  });
});

test("requires each word by its own condition, because the field's index may be missing", () => {
  expect(translate({ title: { $text: "Brown, FOX" } })).toEqual({
    must: [
      { key: "m.title", match: { text: "brown" } },
      { key: "m.title", match: { text: "fox" } },
    ],
  });
});

test("finds a field that holds an empty list by the names beside the metadata", () => {
  expect(translate({ kind: { $exists: true } })).toEqual({
    should: [
      { must_not: [{ is_empty: { key: "m.kind" } }] },
      { is_null: { key: "m.kind" } },
      { key: "_e", match: { value: "kind" } },
    ],
  });
});

test("sends only filters that a Qdrant 1.18.3 accepted in a count (Q10)", () => {
  const shape = (condition: unknown) => JSON.stringify(condition).replaceAll('"m.', '"');
  const sent = (name: string): string => JSON.stringify(recorded(name).request.body);
  expect(sent("count filter datetime")).toContain(
    shape({ key: "m.at", range: { gte: "2026-01-10T00:00:00Z" } }),
  );
  expect(sent("count filter is_null")).toContain('{"is_null":{"key":"rare"}}');
  expect(sent("count filter has_id")).toContain('"has_id":[');
  expect(sent("count filter has_vector")).toContain('"has_vector":');
  expect(sent("count filter any")).toContain('"match":{"any":[');
  expect(sent("count filter text")).toContain('"match":{"text":');
});

test("names the tenant in a selector, or leaves the sentinel out", () => {
  const plan = { sourceId: "s", documentId: undefined, index: 0, filter: { kind: "all" } } as const;
  expect(selectorFilter(plan, "t").must?.[0]).toEqual({ key: "_t", match: { value: "t" } });
  expect(selectorFilter(plan, "t").must_not).toBeUndefined();
  const { must, must_not } = selectorFilter(plan, undefined);
  expect(must).toEqual([
    { key: "sourceId", match: { value: "s" } },
    { key: "index", match: { value: 0 } },
  ]);
  expect(must_not).toEqual([{ has_id: [expect.stringMatching(/^[0-9a-f-]{36}$/)] }]);
});

test("prevents a filter from widening a tenant's view, because the tenant is a condition beside it", () => {
  const filter = parseFilter({ $or: [{}, { kind: "a" }, { $not: { kind: "b" } }] }, FIELDS);
  const plan = { sourceId: undefined, documentId: undefined, index: undefined, filter };
  expect(selectorFilter(plan, "t")).toEqual({ must: [{ key: "_t", match: { value: "t" } }] });
});
