import { expect, test } from "vitest";
import { vectorMemory } from "./vector-memory.ts";

test("gives each vector its own memory", () => {
  const next = vectorMemory(3, 4);
  const vectors = Array.from({ length: 4 }, (_, i) => next().fill(i));
  expect(vectors).toEqual([0, 1, 2, 3].map((i) => new Float32Array(3).fill(i)));
});

test("puts many vectors into buffers of 64 KiB, and a wide or single vector into its own buffer", () => {
  const next = vectorMemory(3, 10_000);
  const buffers = new Set(Array.from({ length: 10_000 }, () => next().buffer));
  expect(buffers.size).toBe(2);
  for (const buffer of buffers) expect(buffer.byteLength).toBeLessThanOrEqual(64 * 1024);
  const wide = vectorMemory(20_000, 2);
  expect(wide().buffer).not.toBe(wide().buffer);
  expect(vectorMemory(3, 1)().buffer.byteLength).toBe(12);
});
