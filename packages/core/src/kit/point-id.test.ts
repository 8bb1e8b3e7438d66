import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { pointId, uuidFromName, type PointIdentity } from "./point-id.ts";

// Names out of few characters that JSON escapes or joins, so that any ambiguity would show.
const name = fc.string({
  unit: fc.constantFrom("a", ",", '"', "\\", "[", "null", "\ud800", "é"),
  maxLength: 4,
});
const identity: fc.Arbitrary<PointIdentity> = fc.record(
  { tenant: name, sourceId: name, documentId: name, slot: fc.nat(3) },
  { requiredKeys: ["sourceId", "documentId", "slot"] },
);

test("gives identities the same id if and only if they are equal (T41, T49)", () => {
  fc.assert(
    fc.property(identity, identity, (left, right) => {
      const parts = ({ tenant, sourceId, documentId, slot }: PointIdentity) => [
        tenant,
        sourceId,
        documentId,
        slot,
      ];
      const equal = parts(left).every((part, index) => part === parts(right)[index]);
      expect(pointId(left) === pointId(right)).toBe(equal);
      expect(pointId({ ...left })).toBe(pointId(left));
    }),
    { numRuns: 2000 * inject("propertyShare") },
  );
});

test("separates the parts of an identity, and a missing tenant from an empty one", () => {
  const ids = [
    pointId({ sourceId: "ab", documentId: "c", slot: 0 }),
    pointId({ sourceId: "a", documentId: "bc", slot: 0 }),
    pointId({ sourceId: "a", documentId: 'b","c', slot: 0 }),
    pointId({ tenant: "", sourceId: "ab", documentId: "c", slot: 0 }),
    pointId({ tenant: "null", sourceId: "ab", documentId: "c", slot: 0 }),
  ];
  expect(new Set(ids).size).toBe(ids.length);
});

test("makes every id a UUID of version 8 in the RFC 9562 variant", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(uuidFromName(text)).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    }),
  );
});

test("keeps ids the same between releases", () => {
  const id = pointId({ tenant: "acme", sourceId: "folder:handbook", documentId: "guide/ä.md", slot: 3 });
  // First 128 bits of sha256('["acme","folder:handbook","guide/ä.md",3]') with version and variant set.
  expect(id).toBe("5f0d9ac6-af51-8913-927a-9d17d3ea3797");
});
