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
