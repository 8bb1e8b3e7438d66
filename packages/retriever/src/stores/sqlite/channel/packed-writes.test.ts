import type { Upsert, Write } from "@binnacle/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { sampleId, sampleUpsert } from "../fixtures/sample-points.ts";
import { packWrites, transferables, unpackWrites } from "./packed-writes.ts";

const numbers = fc
  .array(fc.float({ noNaN: true }), { maxLength: 6 })
  .map((values) => Float32Array.from(values));
const indices = fc.array(fc.nat(), { maxLength: 6 }).map((values) => Uint32Array.from(values));
const upsert = fc
  .tuple(
    fc.nat(9),
    fc.option(numbers, { nil: undefined }),
    fc.option(fc.tuple(indices, numbers), { nil: undefined }),
  )
  .map(([number, dense, sparse]): Upsert => ({
    ...sampleUpsert(number),
    dense,
    sparse: sparse && { indices: sparse[0], values: sparse[1] },
  }));
const write = fc.oneof<fc.Arbitrary<Write>[]>(
  upsert,
  fc.nat(9).map((number) => ({ type: "delete", id: sampleId(number), ifVersion: number })),
  fc.nat(9).map((number) => ({ type: "patch", id: sampleId(number), chunk: { index: number } })),
);

test("returns the same batch after packing, including missing and invalid vectors", () => {
  fc.assert(
    fc.property(fc.array(write), (batch) => {
      const packed = packWrites(batch);
      const arrived = structuredClone(packed, { transfer: [...transferables(packed)] });
      expect(unpackWrites(arrived)).toEqual(batch);
    }),
  );
});

test("keeps the caller's vectors usable", () => {
  const batch = [sampleUpsert(1)];
  const packed = packWrites(batch);
  structuredClone(packed, { transfer: [...transferables(packed)] });
  expect(batch).toEqual([sampleUpsert(1)]);
});
