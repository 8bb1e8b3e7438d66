import { expect, test } from "vitest";
import { murmurHash } from "./murmur-hash.ts";

// The values come from the verification tables of the reference implementation (SMHasher).
test.each([
  ["", 0, 0],
  ["", 1, 0x514e28b7],
  ["", 0xffffffff, 0x81f16f39],
  ["test", 0, 0xba6bd213],
  ["Hello, world!", 0, 0xc0363e43],
  ["The quick brown fox jumps over the lazy dog", 0, 0x2e4ff723],
  ["aaa", 0x9747b28c, 0x283e0130],
])("hashes %j with seed %i as the reference implementation does", (text, seed, hash) => {
  expect(murmurHash(new TextEncoder().encode(text), seed)).toBe(hash);
});
