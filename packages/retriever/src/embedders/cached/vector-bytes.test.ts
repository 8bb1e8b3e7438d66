import fc from "fast-check";
import { expect, test } from "vitest";
import { isVectorBytes, readVectorBytes, vectorInPlace, vectorToBytes } from "./vector-bytes.ts";

const vectors = fc.float32Array({ minLength: 1, maxLength: 40, noNaN: true });

test("returns a vector bit by bit, from any offset of a larger buffer, in new memory", () => {
  fc.assert(
    fc.property(vectors, fc.nat(7), (vector, offset) => {
      const bytes = vectorToBytes(vector);
      expect(bytes.byteLength).toBeLessThanOrEqual(4 * vector.length + 32);
      const reply = new Uint8Array(bytes.length + 8);
      reply.set(bytes, offset);
      const value = reply.subarray(offset, offset + bytes.length);
      expect(isVectorBytes(value, vector.length)).toBe(true);
      const back = new Float32Array(vector.length);
      readVectorBytes(value, back);
      expect(back).toEqual(vector);
      reply.fill(0);
      expect(back).toEqual(vector);
    }),
  );
});

test("reads the numbers of owned bytes in place if they are aligned, and copies them otherwise", () => {
  fc.assert(
    fc.property(vectors, fc.nat(7), (vector, offset) => {
      const bytes = vectorToBytes(vector);
      const memory = new Uint8Array(bytes.length + 8);
      memory.set(bytes, offset);
      const found = vectorInPlace(memory.subarray(offset, offset + bytes.length), vector.length);
      expect(found).toEqual(vector);
      expect(found?.buffer === memory.buffer).toBe(offset % 4 === 0);
      expect(vectorInPlace(bytes, vector.length + 1)).toBeUndefined();
      expect(vectorInPlace(bytes.subarray(1), vector.length)).toBeUndefined();
    }),
  );
});

test("detects every flipped bit, lost byte, added byte and wrong length", () => {
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

test("uses the documented format, so that another machine or version can read it (T34)", () => {
  expect(Buffer.from(vectorToBytes(Float32Array.of(1, -2))).toString("hex")).toBe(
    "01010000" + "02000000" + "562687c3" + "0000803f" + "000000c0",
  );
});
