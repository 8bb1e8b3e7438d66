import { expect, test } from "vitest";
import { MemoryCache } from "./memory-cache.ts";

// Passes values that TypeScript would reject, as a caller in plain JavaScript can.
const raw = (value: unknown): ReturnType<typeof JSON.parse> => value;
const bytes = new Uint8Array(1);

test.each<[call: string, run: (cache: MemoryCache) => Promise<unknown>, message: RegExp]>([
  ["getMany(key)", (cache) => cache.getMany(raw("k")), /getMany: keys: .*the string "k"/],
  ["getMany of a number", (cache) => cache.getMany([raw(7)]), /keys\.0: .*the number 7/],
  ["getMany", (cache) => cache.getMany([], raw({ ttl: 5 })), /`ttl` is not an option/],
  ["setMany(map)", (cache) => cache.setMany(raw(new Map())), /entries: .*a Map/],
  [
    "setMany of objects",
    (cache) => cache.setMany([raw({ key: "k" })]),
    /entries\.0: expected \[key, value\]/,
  ],
  ["setMany of a text", (cache) => cache.setMany([["k", raw("v")]]), /entries\.0: .*TextEncoder/],
  ["setMany of numbers", (cache) => cache.setMany([["k", raw(Float32Array.of(1))]]), /got a Float32Array/],
  ["setMany", (cache) => cache.setMany([["k", bytes]], raw({ ttl: 5 })), /`ttl` is not an option; .*ttlMs/],
  ["deleteMany(key)", (cache) => cache.deleteMany(raw("k")), /deleteMany: keys/],
])("rejects wrong arguments of %s and counts no error", async (_, run, message) => {
  const cache = new MemoryCache();
  await expect(run(cache)).rejects.toMatchObject({
    name: "ConfigurationError",
    message: expect.stringMatching(message),
  });
  expect(cache.stats()).toMatchObject({ hits: 0, misses: 0, errors: 0, entries: 0 });
});
