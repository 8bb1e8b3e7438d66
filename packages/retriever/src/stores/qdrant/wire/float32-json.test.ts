import fc from "fast-check";
import { expect, test } from "vitest";
import { Float32Json } from "./float32-json.ts";

const numbers = new Float32Json();
const read = (vector: Float32Array, scale?: number): Float32Array =>
  Float32Array.from(JSON.parse(numbers.write(vector, scale).toString("latin1")));

test("prints numbers that a reader rounds to the same float32", () => {
  const finite = { noNaN: true, noDefaultInfinity: true };
  const vectors = fc.float32Array({ ...finite, maxLength: 40 });
  const usual = fc.float32Array({ ...finite, min: -1, max: 1, maxLength: 40 });
  fc.assert(
    fc.property(fc.oneof(vectors, usual), (vector) => {
      expect(read(vector)).toEqual(vector.map((value) => value + 0)); // JSON has no -0
    }),
    { numRuns: 2_000 },
  );
});

test("prints the numbers at the edges of each power of ten", () => {
  const edges = Array.from({ length: 60 }, (_, i) => 10 ** (i - 40)).flatMap((power) => [
    ...neighbours(power),
    ...neighbours(-power),
  ]);
  const vector = Float32Array.from(edges);
  expect(read(vector)).toEqual(vector.map((value) => value + 0));
});

test("prints at most nine digits for the numbers of a unit vector", () => {
  const vector = Float32Array.of(0.6, -0.8, 0.012345678, 0);
  expect(numbers.write(vector).toString()).toBe("[0.600000024,-0.800000012,0.0123456782,0]");
});

test("multiplies by the scale and rounds to float32", () => {
  const vector = Float32Array.of(3, 4, 1e-20, -70_000);
  expect(read(vector, 1 / 5)).toEqual(vector.map((value) => value / 5));
});

test("prints an empty vector, and keeps an earlier result after the next", () => {
  expect(numbers.write(Float32Array.of()).toString()).toBe("[]");
  const first = numbers.write(Float32Array.of(0.5));
  numbers.write(Float32Array.of(0.25, 1));
  expect(first.toString()).toBe("[0.500000000]");
});

/** Returns a float32 and the ones before and after it. */
function neighbours(value: number): readonly number[] {
  const held = new DataView(new ArrayBuffer(4));
  held.setFloat32(0, value);
  const bits = held.getUint32(0);
  return [bits - 1, bits, bits + 1].map((each) => {
    held.setUint32(0, each);
    const found = held.getFloat32(0);
    return Number.isFinite(found) ? found : 0;
  });
}
