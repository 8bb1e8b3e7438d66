import { planOrder, type ScanPlace } from "@binnacle/core/stores";
import fc from "fast-check";
import { expect, test } from "vitest";
import { orderedPage } from "./ordered-page.ts";

test("returns all points in order over all pages", () => {
  const year = fc.option(fc.nat(4), { nil: undefined });
  const direction = fc.constantFrom("ascending" as const, "descending" as const);
  fc.assert(
    fc.property(
      fc.array(year, { maxLength: 30 }),
      fc.integer({ min: 1, max: 7 }),
      direction,
      (years, limit, to) => {
        const points = years.map((each, i) => ({
          id: `p${(i * 7) % 31}`,
          metadata: each === undefined ? {} : { year: each },
        }));
        const order = planOrder({ field: "year", direction: to }, { year: "integer" });
        const all: ScanPlace[] = [];
        for (let after: ScanPlace | undefined; ;) {
          const page = orderedPage(points, order, { after, limit });
          expect(page.length).toBeLessThanOrEqual(limit);
          all.push(...page);
          after = page.at(-1);
          if (page.length < limit) break;
        }
        expect(all).toEqual(points.map(order.placeOf).sort(order.compare));
      },
    ),
  );
});
