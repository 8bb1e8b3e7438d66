import fc from "fast-check";
import { expect, test } from "vitest";
import type { Hit } from "../../spec/search.ts";
import type { JsonValue, Metadata } from "../../spec/metadata.ts";
import { countFacet, planFacet } from "./count-facet.ts";
import { groupHits, planGroups } from "./group-hits.ts";
import { planOrder } from "./plan-order.ts";

const FIELDS = { n: "integer" } as const;
const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom<JsonValue>(null, "x", 0.5, true));
const metadata: fc.Arbitrary<Metadata> = fc
  .option(fc.oneof(value, fc.array(value, { maxLength: 3 })), { nil: undefined })
  .map((n) => (n === undefined ? {} : { n }));
const points = fc
  .array(metadata, { maxLength: 20 })
  .map((list) => list.map((each, i) => ({ id: `p${String(i).padStart(2, "0")}`, metadata: each })));

const integersOf = ({ n }: Metadata): readonly number[] =>
  [n].flat().flatMap((each) => (typeof each === "number" && Number.isInteger(each) ? [each] : []));

test("counts each point once for each of its different values", () => {
  fc.assert(
    fc.property(points, fc.integer({ min: 1, max: 9 }), (list, limit) => {
      const expected = [-3, -2, -1, 0, 1, 2, 3]
        .map((n) => ({
          value: n,
          count: list.filter((point) => integersOf(point.metadata).includes(n)).length,
        }))
        .filter(({ count }) => count > 0)
        .sort((a, b) => b.count - a.count || a.value - b.value);
      expect(countFacet(list, planFacet("n", { limit }, FIELDS))).toEqual(expected.slice(0, limit));
    }),
  );
});

test("orders points by their first value in the direction, then by id, and those without a value last", () => {
  fc.assert(
    fc.property(points, fc.constantFrom("ascending" as const, "descending" as const), (list, direction) => {
      const { placeOf, compare } = planOrder({ field: "n", direction }, FIELDS);
      const ids = list
        .map(placeOf)
        .sort(compare)
        .map(({ id }) => id);
      const sign = direction === "ascending" ? 1 : -1;
      // A number outside of integer fields is a value too: filters compare it.
      const keyOf = ({ n }: Metadata): number =>
        Math.min(...[n].flat().flatMap((each) => (typeof each === "number" ? [sign * each] : [])));
      const rank = (id: string): number => keyOf(list.find((point) => point.id === id)?.metadata ?? {});
      ids.forEach((id, i) => {
        const next = ids[i + 1];
        if (next === undefined) return;
        expect(rank(id) < rank(next) || (rank(id) === rank(next) && id < next)).toBe(true);
      });
      expect(ids.toSorted()).toEqual(list.map(({ id }) => id));
    }),
  );
});

test("puts each hit into the group of each value, in the order of hits", () => {
  const page = fc.record({ limit: fc.integer({ min: 1, max: 4 }), offset: fc.nat(3) });
  fc.assert(
    fc.property(points, page, fc.integer({ min: 1, max: 3 }), (list, { limit, offset }, size) => {
      const query = { legs: [{ dense: Float32Array.of(1) }], limit, offset } as const;
      const hits = list.map(({ id, metadata: each }): Hit =>
        JSON.parse(JSON.stringify({ id, metadata: each })),
      );
      const groups = groupHits(hits, planGroups(query, { by: "n", size }, FIELDS));
      const order = [...new Set(hits.flatMap((hit) => [...new Set(integersOf(hit.metadata))]))];
      expect(groups.map((group) => group.value)).toEqual(order.slice(offset, offset + limit));
      for (const group of groups) {
        const members = hits.filter((hit) => integersOf(hit.metadata).some((n) => n === group.value));
        expect(group.hits).toEqual(members.slice(0, size));
      }
    }),
  );
});
