import { expect, test } from "vitest";
import { vectorToBytes } from "./vector-bytes.ts";
import { VectorCopies } from "./vector-copies.ts";

const one = Float32Array.of(1, -2, 3);

test("each vector has memory of its own: neither its twin nor the value changes with it", () => {
  const reader = new VectorCopies();
  const value = vectorToBytes(one);
  const [first, second] = reader.read([value, value], 3);
  first?.fill(0);
  expect(second).toEqual(one);
  expect(reader.read([value], 3)).toEqual([one]);
});

test("keeps little alive: vectors of many values lie in buffers of 64 KiB, larger ones alone", () => {
  const many = new VectorCopies().read(
    Array.from({ length: 3_000 }, () => vectorToBytes(one)),
    3,
  );
  const buffers = new Set(many.map((vector) => vector?.buffer));
  expect(buffers.size).toBe(2);
  for (const buffer of buffers) expect(buffer?.byteLength).toBeLessThanOrEqual(64 * 1024);
  const wide = vectorToBytes(new Float32Array(20_000).fill(1));
  const [first, second] = new VectorCopies().read([wide, wide], 20_000);
  expect(first?.buffer).not.toBe(second?.buffer);
});
