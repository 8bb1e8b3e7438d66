import { expect, test } from "vitest";
import { ValueCopies } from "./value-copies.ts";

test("copies values of any size so that numbers can be read in place", () => {
  const memory = Buffer.from(Array.from({ length: 200_000 }, (_, i) => i % 251));
  const given = [0, 1, 5, 12, 6_156, 16_384, 16_385, 100_000].map((size, i) =>
    memory.subarray(i + 1, i + 1 + size),
  );
  const copies = new ValueCopies(given);
  const copied = given.map((value) => copies.of(value));
  memory.fill(0);
  for (const [i, copy] of copied.entries()) {
    expect(copy.byteOffset % 8).toBe(0);
    expect(copy).toEqual(Uint8Array.from({ length: given[i]?.length ?? 0 }, (_, at) => (i + 1 + at) % 251));
  }
});

test("copies the value after a header, and begins it at a multiple of 8 bytes", () => {
  const copies = new ValueCopies([]);
  const sealed = Uint8Array.from({ length: 6_161 }, (_, i) => i % 251);
  for (const [size, skip] of [
    [6_161, 5],
    [10, 5],
    [5, 5],
    [6_161, 12],
    [6_161, 0],
    [40, 7],
  ] as const)
    for (let i = 0; i < 12; i++) {
      const copy = copies.of(sealed.subarray(0, size), skip);
      expect(copy.byteOffset % 8).toBe(0);
      expect(copy).toEqual(sealed.slice(skip, size));
    }
});

test("shares buffers of 64 KiB between small values", () => {
  const values = Array.from({ length: 100 }, () => new Uint8Array(6_000));
  const copies = new ValueCopies(values);
  const kept = values.map((value) => copies.of(value));
  expect(Math.max(...kept.map(({ buffer }) => buffer.byteLength))).toBe(65_536);
  expect(new Set(kept.map(({ buffer }) => buffer)).size).toBe(10);
});

test("copies a lone value of any size around the bound of shared buffers, after any header", () => {
  for (let size = 16_370; size <= 16_400; size++) {
    for (const skip of [0, 5, 12]) {
      const value = new Uint8Array(size + skip).fill(7);
      for (const known of [[value], [], [value, value]]) {
        const copy = new ValueCopies(known).of(value, skip);
        expect([copy.byteLength, copy.byteOffset % 8, copy[size - 1]]).toEqual([size, 0, 7]);
      }
    }
  }
});

test("takes no more memory than the values of a small reply need", () => {
  for (const sizes of [[6_005], [12, 700, 3], [0]]) {
    const values = sizes.map((size) => new Uint8Array(size));
    const copies = new ValueCopies([undefined, ...values, null]);
    const kept = values.map((value) => copies.of(value, Math.min(5, value.byteLength)));
    const bytes = sizes.reduce((sum, size) => sum + size + 8, 0);
    expect(new Set(kept.map(({ buffer }) => buffer)).size).toBe(1);
    expect(kept[0]?.buffer.byteLength).toBeLessThanOrEqual(bytes);
  }
});
