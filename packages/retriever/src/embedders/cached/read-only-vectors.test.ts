import { expect, test } from "vitest";
import { ReadOnlyVectors } from "./read-only-vectors.ts";
import { vectorToBytes } from "./vector-bytes.ts";

const one = Float32Array.from({ length: 20 }, (_, i) => 1 + i);
const two = Float32Array.from({ length: 20 }, (_, i) => -i);

test("gives out the memory of the value itself, and the same vector each time", () => {
  const reader = new ReadOnlyVectors();
  const value = vectorToBytes(one);
  const [first] = reader.read([value], 20);
  expect(first?.buffer).toBe(value.buffer);
  expect(reader.read([value, value], 20).every((vector) => vector === first)).toBe(true);
});

test("values of a cache on the wire, which begin anywhere in a Buffer, are copied where numbers cannot be read in place", () => {
  for (let at = 0; at < 4; at++) {
    const received = Buffer.alloc(at + 200);
    received.set(vectorToBytes(one), at);
    const value = received.subarray(at, at + vectorToBytes(one).byteLength);
    expect(new ReadOnlyVectors().read([value], 20)).toEqual([one]);
  }
});

test.for([
  ["adding to it", (vector: Float32Array) => vector.forEach((x, i) => (vector[i] = x + (two[i] ?? 0)))],
  ["scaling it", (vector: Float32Array) => vector.forEach((x, i) => (vector[i] = x / 53))],
  ["reversing it", (vector: Float32Array) => vector.reverse()],
  ["emptying it", (vector: Float32Array) => vector.fill(0)],
  ["making it no number", (vector: Float32Array) => vector.fill(Number.NaN)],
] as const)("a vector that somebody wrote to by %s is given to nobody else", ([, write]) => {
  const reader = new ReadOnlyVectors();
  const value = vectorToBytes(one);
  const [vector = new Float32Array()] = reader.read([value], 20);
  write(vector);
  expect(reader.read([value], 20)).toEqual([undefined]);
  expect(reader.read([vectorToBytes(one)], 20)).toEqual([one]);
});
