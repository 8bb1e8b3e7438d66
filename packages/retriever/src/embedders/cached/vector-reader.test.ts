import { expect, test } from "vitest";
import { ReadOnlyVectors } from "./read-only-vectors.ts";
import { vectorToBytes } from "./vector-bytes.ts";
import { VectorCopies } from "./vector-copies.ts";

const one = Float32Array.of(1, -2, 3);
const two = Float32Array.of(4, 5, 6);

for (const Reader of [VectorCopies, ReadOnlyVectors]) {
  test(`${Reader.name} returns vectors in order, and nothing for a miss, for damage and for another length`, () => {
    const damaged = vectorToBytes(one);
    damaged[12] = 9;
    const values = [
      vectorToBytes(one),
      undefined,
      damaged,
      vectorToBytes(Float32Array.of(1)),
      vectorToBytes(two),
    ];
    expect(new Reader().read(values, 3)).toEqual([one, undefined, undefined, undefined, two]);
  });

  test(`${Reader.name}: a value that was sound for its own length is not taken for another`, () => {
    const reader = new Reader();
    const value = vectorToBytes(one);
    expect(reader.read([value], 3)).toEqual([one]);
    expect(reader.read([value], 2)).toEqual([undefined]);
  });

  test(`${Reader.name} reads values at any offset of a larger buffer, as clients of servers return them`, () => {
    const bytes = vectorToBytes(one);
    const reply = new Uint8Array(bytes.length + 8);
    for (const offset of [0, 1, 2, 3, 5]) {
      reply.set(bytes, offset);
      const value = reply.slice().subarray(offset, offset + bytes.length);
      expect(new Reader().read([value], 3)).toEqual([one]);
    }
  });
}
