import { expect, test } from "vitest";
import { vectorToBytes } from "./vector-bytes.ts";
import { VectorReader } from "./vector-reader.ts";

const one = Float32Array.of(1, -2, 3);
const two = Float32Array.of(4, 5, 6);

test("returns vectors in order, and nothing for a miss, for damage and for another length", () => {
  const damaged = vectorToBytes(one);
  damaged[12] = 9;
  const values = [
    vectorToBytes(one),
    undefined,
    damaged,
    vectorToBytes(Float32Array.of(1)),
    vectorToBytes(two),
  ];
  expect(new VectorReader().read(values, 3)).toEqual([one, undefined, undefined, undefined, two]);
});

test("a value that was sound for its own length is not taken for another", () => {
  const reader = new VectorReader();
  const value = vectorToBytes(one);
  expect(reader.read([value], 3)).toEqual([one]);
  expect(reader.read([value], 2)).toEqual([undefined]);
});

test("each vector has memory of its own: neither its twin nor the value changes with it", () => {
  const reader = new VectorReader();
  const value = vectorToBytes(one);
  const [first, second] = reader.read([value, value], 3);
  first?.fill(0);
  expect(second).toEqual(one);
  expect(reader.read([value], 3)).toEqual([one]);
});

test("reads values at any offset of a larger buffer, as clients of servers return them", () => {
  const bytes = vectorToBytes(one);
  const reply = new Uint8Array(bytes.length + 8);
  for (const offset of [0, 1, 2, 3, 5]) {
    reply.set(bytes, offset);
    expect(new VectorReader().read([reply.slice().subarray(offset, offset + bytes.length)], 3)).toEqual([
      one,
    ]);
  }
});

test("keeps little alive: vectors of many values lie in buffers of 64 KiB, larger ones alone", () => {
  const many = new VectorReader().read(
    Array.from({ length: 3_000 }, () => vectorToBytes(one)),
    3,
  );
  const buffers = new Set(many.map((vector) => vector?.buffer));
  expect(buffers.size).toBe(2);
  for (const buffer of buffers) expect(buffer?.byteLength).toBeLessThanOrEqual(64 * 1024);
  const wide = vectorToBytes(new Float32Array(20_000).fill(1));
  const [first, second] = new VectorReader().read([wide, wide], 20_000);
  expect(first?.buffer).not.toBe(second?.buffer);
});
