import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeDense, decodeSparse, encodeDense, encodeSparse } from "./vector-blob.ts";

const values = fc.array(fc.float({ noNaN: true })).map((list) => Float32Array.from(list));

test("returns vectors bit for bit, from any buffer", () => {
  fc.assert(
    fc.property(values, fc.nat(3), (dense, offset) => {
      const indices = Uint32Array.from(dense.keys());
      expect(decodeDense(shifted(encodeDense(dense), offset))).toEqual(dense);
      expect(decodeSparse(shifted(encodeSparse({ indices, values: dense }), offset))).toEqual({
        indices,
        values: dense,
      });
    }),
  );
});

test("stores numbers as little-endian float32", () => {
  expect([...encodeDense(Float32Array.of(1, -2))]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
  expect([...encodeSparse({ indices: Uint32Array.of(258), values: Float32Array.of(1) })]).toEqual([
    2, 1, 0, 0, 0, 0, 0x80, 0x3f,
  ]);
});

test("reads SQLite's NULL as the empty sparse vector", () => {
  expect(decodeSparse(undefined)).toEqual({ indices: new Uint32Array(), values: new Float32Array() });
});

function shifted(bytes: Uint8Array, offset: number): Uint8Array {
  const larger = new Uint8Array(bytes.length + offset);
  larger.set(bytes, offset);
  return larger.subarray(offset);
}
