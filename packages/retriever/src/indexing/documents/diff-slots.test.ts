import fc from "fast-check";
import { expect, test } from "vitest";
import { diffSlots, type PresentPoint, type WantedChunk } from "./diff-slots.ts";

const wanted = fc.array(
  fc.record({ contentHash: fc.constantFrom("a", "b", "c", "d"), payload: fc.constantFrom("1", "2") }),
  { maxLength: 8 },
);
const present = fc.uniqueArray(fc.nat(12), { maxLength: 8 }).chain((slots) =>
  fc.tuple(
    ...slots.map((slot) =>
      fc.record({
        slot: fc.constant(slot),
        contentHash: fc.constantFrom("a", "b", "c", "d"),
        payload: fc.constantFrom("1", "2"),
        isCurrent: fc.boolean(),
      }),
    ),
  ),
);

test("gives every chunk its own slot, and uses or vacates every present slot", () => {
  fc.assert(
    fc.property(wanted, present, (chunks, points) => {
      const { assignments, vacated } = diffSlots(chunks, points);
      const used = assignments.map(({ slot }) => slot);
      expect(new Set(used).size).toBe(chunks.length);
      expect(vacated.filter((slot) => used.includes(slot))).toEqual([]);
      for (const { slot } of points) expect(used.includes(slot) || vacated.includes(slot)).toBe(true);
    }),
  );
});

test("keeps or patches only points with the same content, and keeps only points with the same payload", () => {
  fc.assert(
    fc.property(wanted, present, (chunks, points) => {
      for (const [position, { action, slot }] of diffSlots(chunks, points).assignments.entries()) {
        const point = points.find((candidate) => candidate.slot === slot);
        if (action === "write") continue;
        expect(point).toMatchObject({ contentHash: chunks[position]?.contentHash, isCurrent: true });
        if (action === "keep") expect(point?.payload).toBe(chunks[position]?.payload);
      }
    }),
  );
});

test("writes no content that a current point already holds", () => {
  fc.assert(
    fc.property(wanted, present, (chunks, points) => {
      const { assignments } = diffSlots(chunks, points);
      for (const hash of ["a", "b", "c", "d"]) {
        const asked = chunks.filter(({ contentHash }) => contentHash === hash).length;
        const there = points.filter(({ contentHash, isCurrent }) => contentHash === hash && isCurrent).length;
        const written = assignments.filter(
          ({ action }, position) => action === "write" && chunks[position]?.contentHash === hash,
        );
        expect(written.length).toBe(Math.max(0, asked - there));
      }
    }),
  );
});

test("keeps every slot of an unchanged document", () => {
  fc.assert(
    fc.property(present, (points) => {
      const current = points.map((point) => ({ ...point, isCurrent: true }));
      const { assignments, vacated, dropped } = diffSlots(current, current);
      expect(assignments.every(({ action }) => action === "keep")).toBe(true);
      expect([vacated, dropped]).toEqual([[], []]);
    }),
  );
});

test("gives new content the lowest slot of dropped content, then the lowest free number", () => {
  const points = [point(1, "gone"), point(2, "kept"), point(4, "gone too")];
  const chunks = ["new", "kept", "newer", "newest", "last"].map(chunk);
  const { assignments, vacated, dropped } = diffSlots(chunks, points);
  expect(assignments.map(({ slot }) => slot)).toEqual([1, 2, 4, 0, 3]);
  expect([vacated, dropped]).toEqual([[], [1, 4]]);
});

function chunk(contentHash: string): WantedChunk {
  return { contentHash, payload: "" };
}

function point(slot: number, contentHash: string): PresentPoint {
  return { slot, contentHash, payload: "", isCurrent: true };
}
