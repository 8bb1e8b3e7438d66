import fc from "fast-check";
import { expect, test } from "vitest";
import { isVectorBytes, vectorByteLength, vectorOverBytes, vectorToBytes } from "./vector-bytes.ts";

const vectors = fc.float32Array({ minLength: 1, maxLength: 40, noNaN: true });

test("a vector comes back bit by bit, in the memory of its bytes", () => {
  fc.assert(
    fc.property(vectors, fc.nat(3), (vector, words) => {
      const bytes = vectorToBytes(vector);
      expect(bytes.byteLength).toBe(vectorByteLength(vector.length));
      expect(bytes.byteLength).toBeLessThanOrEqual(4 * vector.length + 32);
      const slab = new Uint8Array(4 * words + bytes.length + 3);
      slab.set(bytes, 4 * words);
      expect(isVectorBytes(slab.subarray(4 * words, -3), vector.length)).toBe(true);
      const back = vectorOverBytes(slab, 4 * words, vector.length);
      expect(back).toEqual(vector);
      expect(back.buffer).toBe(slab.buffer);
    }),
  );
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
