import fc from "fast-check";
import { expect, test } from "vitest";
import { OrderedIds } from "./ordered-ids.ts";

const step = fc.oneof(
  fc.record({ type: fc.constant("add" as const), id: fc.nat(30) }),
  fc.record({ type: fc.constant("remove" as const), id: fc.nat(30) }),
  fc.record({ type: fc.constant("page" as const), id: fc.option(fc.nat(30), { nil: undefined }) }),
);
const name = (id: number): string => `id-${String(id).padStart(4, "0")}`;

function pageOf(live: Iterable<string>, after: string | undefined): readonly string[] {
  return [...live].sort().filter((id) => after === undefined || id > after);
}

test("pages are the live ids in order, whatever was added, removed and added again", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const live = new Map<string, true>();
      const ordered = new OrderedIds(live);
      for (const { type, id } of steps) {
        if (type === "page") {
          const after = id === undefined ? undefined : name(id);
          expect(ordered.page(after, 5, () => true)).toEqual(pageOf(live.keys(), after).slice(0, 5));
        } else if (type === "remove") live.delete(name(id));
        else if (!live.has(name(id))) {
          live.set(name(id), true);
          ordered.add(name(id));
        }
      }
    }),
  );
});

test("stays in order when more ids came than it notes one by one", () => {
  const live = new Map<string, true>();
  const ordered = new OrderedIds(live);
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 3000; i++) {
      const id = name((i * 7919 + round) % 6000);
      if (live.has(id)) continue;
      live.set(id, true);
      ordered.add(id);
    }
    expect(ordered.page(undefined, Infinity, () => true)).toEqual(pageOf(live.keys(), undefined));
  }
});
