import fc from "fast-check";
import { expect, test } from "vitest";
import { isVectorBytes, vectorFromBytes, vectorOverBytes, vectorToBytes } from "./vector-bytes.ts";

const vectors = fc.float32Array({ minLength: 1, maxLength: 40, noNaN: true });

test("a vector comes back bit by bit, at whatever offset its bytes lie", () => {
  fc.assert(
    fc.property(vectors, fc.nat(9), (vector, offset) => {
      const bytes = vectorToBytes(vector);
      expect(bytes.byteLength).toBeLessThanOrEqual(4 * vector.length + 32);
      const slab = new Uint8Array(offset + bytes.length + 3);
      slab.set(bytes, offset);
      const part = slab.subarray(offset, offset + bytes.length);
      expect(isVectorBytes(part, vector.length)).toBe(true);
      const back = vectorFromBytes(part);
      slab.fill(0);
      expect(back).toEqual(vector);
    }),
  );
});

test("a vector is laid over bytes that are whole, and copied from a part of a larger buffer", () => {
  const vector = Float32Array.of(1, -2, 3);
  const bytes = vectorToBytes(vector);
  const slab = new Uint8Array(bytes.length + 4);
  slab.set(bytes, 3);
  expect(vectorOverBytes(bytes)).toEqual(vector);
  expect(vectorOverBytes(bytes).buffer).toBe(bytes.buffer);
  const copied = vectorOverBytes(slab.subarray(3, 3 + bytes.length));
  slab.fill(0);
  expect(copied).toEqual(vector);
});

test("every flipped bit, lost byte, added byte and other length is noticed", () => {
  fc.assert(
    fc.property(vectors, fc.nat(), (vector, bit) => {
      const bytes = vectorToBytes(vector);
      const flipped = bytes.slice();
      const at = bit % (8 * bytes.length);
      flipped[at >> 3] = (flipped[at >> 3] ?? 0) ^ (1 << (at & 7));
      expect(isVectorBytes(flipped, vector.length)).toBe(false);
      expect(isVectorBytes(bytes.subarray(0, -1), vector.length)).toBe(false);
      expect(isVectorBytes(Uint8Array.of(...bytes, 0), vector.length)).toBe(false);
      expect(isVectorBytes(bytes, vector.length + 1)).toBe(false);
      expect(isVectorBytes(new Uint8Array(0), vector.length)).toBe(false);
    }),
  );
});

test("T34: the format is the documented one, so that another machine or version reads it", () => {
  expect(Buffer.from(vectorToBytes(Float32Array.of(1, -2))).toString("hex")).toBe(
    "01010000" + "02000000" + "562687c3" + "0000803f" + "000000c0",
  );
});
