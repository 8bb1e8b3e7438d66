import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import type { Cache } from "../spec/cache.ts";
import { contractCases, type ContractCase } from "./contract-case.ts";

type Promised = readonly [name: string, body: (cache: Cache) => Promise<void>];

/** The contract of caches. `create` returns an empty cache with room for 32 MiB and a long time to live. */
export function cacheContract(create: () => Promise<Cache>): readonly ContractCase[] {
  return contractCases(create, (cache) => cache.close(), [...values, ...changes, ...failures]);
}

const values: readonly Promised[] = [
  [
    "returns values in the order of the keys, and undefined for each miss",
    async (cache) => {
      await cache.setMany([
        ["a", bytes(1)],
        ["b", bytes(2)],
      ]);
      assert.deepEqual(await get(cache, "b", "missing", "a", "b"), [bytes(2), undefined, bytes(1), bytes(2)]);
    },
  ],
  [
    "keeps every byte, an empty value, and a value within a larger buffer",
    async (cache) => {
      const all = Uint8Array.from({ length: 256 }, (_, index) => index);
      await cache.setMany([
        ["all", all],
        ["empty", bytes()],
        ["part", all.subarray(7, 9)],
      ]);
      assert.deepEqual(await get(cache, "all", "empty", "part"), [all, bytes(), bytes(7, 8)]);
    },
  ],
  [
    "accepts any text as a key and distinguishes similar keys",
    async (cache) => {
      const keys = [
        "",
        " ",
        "é",
        "e\u0301",
        "日本",
        "😀",
        "a\0b",
        "a",
        "A",
        "*",
        "k".repeat(5_000),
        "__proto__",
      ];
      await cache.setMany(keys.map((key, index) => [key, bytes(index)]));
      assert.deepEqual(
        await get(cache, ...keys),
        keys.map((_, index) => bytes(index)),
      );
    },
  ],
  [
    "stores copies, so that changes to the given bytes have no effect",
    async (cache) => {
      const given = bytes(1, 2, 3);
      const stored = cache.setMany([["a", given]]);
      await stored;
      given.fill(9);
      assert.deepEqual(await get(cache, "a"), [bytes(1, 2, 3)]);
    },
  ],
  [
    "keeps a returned value unchanged after its key is set or deleted",
    async (cache) => {
      await cache.setMany([["a", bytes(1, 2, 3)]]);
      const [first] = await cache.getMany(["a"]);
      await cache.setMany([["a", bytes(7, 8, 9)]]);
      const [second] = await cache.getMany(["a"]);
      await cache.deleteMany(["a"]);
      assert.deepEqual([...(first ?? [])], [1, 2, 3]);
      assert.deepEqual([...(second ?? [])], [7, 8, 9]);
    },
  ],
  [
    "does nothing for empty lists",
    async (cache) => {
      assert.deepEqual(await cache.getMany([]), []);
      await cache.setMany([]);
      await cache.deleteMany([]);
    },
  ],
  [
    "accepts 5 000 values in one call",
    async (cache) => {
      const entries = Array.from({ length: 5_000 }, (_, index) => [`key ${index}`, number(index)] as const);
      await cache.setMany(entries);
      assert.deepEqual(
        await get(cache, ...entries.map(([key]) => key)),
        entries.map(([, value]) => value),
      );
    },
  ],
  [
    "serves many callers at the same time, each with its own values",
    async (cache) => {
      const callers = Array.from({ length: 50 }, async (_, index) => {
        await cache.setMany([[`caller ${index}`, number(index)]]);
        assert.deepEqual(await get(cache, `caller ${index}`), [number(index)]);
      });
      await Promise.all(callers);
    },
  ],
];

const changes: readonly Promised[] = [
  [
    "keeps the last value of a key, even within one call",
    async (cache) => {
      await cache.setMany([["a", bytes(1)]]);
      await cache.setMany([
        ["a", bytes(2)],
        ["a", bytes(3)],
      ]);
      assert.deepEqual(await get(cache, "a"), [bytes(3)]);
    },
  ],
  [
    "misses a deleted key, and accepts deleting a missing key",
    async (cache) => {
      await cache.setMany([
        ["a", bytes(1)],
        ["b", bytes(2)],
      ]);
      await cache.deleteMany(["a", "missing", "a"]);
      assert.deepEqual(await get(cache, "a", "b"), [undefined, bytes(2)]);
    },
  ],
  [
    "serves a value until its time to live ends",
    async (cache) => {
      await cache.setMany([["long", bytes(1)]], { ttlMs: 3_600_000 });
      await cache.setMany([["short", bytes(2)]], { ttlMs: 10 });
      await wait(50);
      assert.deepEqual(await get(cache, "long", "short"), [bytes(1), undefined]);
    },
  ],
  [
    "restarts the time to live when a value is set again",
    async (cache) => {
      await cache.setMany([["a", bytes(1)]], { ttlMs: 10 });
      await cache.setMany([["a", bytes(2)]], { ttlMs: 3_600_000 });
      await wait(50);
      assert.deepEqual(await get(cache, "a"), [bytes(2)]);
    },
  ],
  [
    "deletes a key that is set with a time to live of 0, and counts no error",
    async (cache) => {
      await cache.setMany([
        ["a", bytes(1)],
        ["b", bytes(1)],
        ["c", bytes(1)],
      ]);
      const before = cache.stats();
      await cache.setMany([["a", bytes(2)]], { ttlMs: 0 });
      await cache.setMany([["b", bytes(2)]], { ttlMs: -5 });
      assert.deepEqual(await get(cache, "a", "b", "c"), [undefined, undefined, bytes(1)]);
      assert.equal(cache.stats().errors, before.errors);
    },
  ],
  [
    "counts one hit or miss for each requested key",
    async (cache) => {
      await cache.setMany([["a", bytes(1)]]);
      const before = cache.stats();
      await cache.getMany(["a", "a", "missing"]);
      const after = cache.stats();
      assert.equal(after.hits - before.hits, 2);
      assert.equal(after.misses - before.misses, 1);
      assert.equal(after.errors, before.errors);
    },
  ],
];

const failures: readonly Promised[] = [
  [
    "rejects with the signal's own reason and changes nothing",
    async (cache) => {
      await cache.setMany([["a", bytes(1)]]);
      const reason = { why: "the caller left" };
      const signal = AbortSignal.abort(reason);
      const isReason = (error: unknown): boolean => error === reason;
      await assert.rejects(cache.getMany(["a"], { signal }), isReason);
      await assert.rejects(cache.setMany([["a", bytes(2)]], { signal }), isReason);
      await assert.rejects(cache.deleteMany(["a"], { signal }), isReason);
      await assert.rejects(cache.health({ signal }), isReason);
      assert.deepEqual(await get(cache, "a"), [bytes(1)]);
    },
  ],
  [
    "does not reject if the deadline has passed",
    async (cache) => {
      const deadlineAt = Date.now() - 1;
      await cache.setMany([["a", bytes(1)]], { deadlineAt });
      const found = await cache.getMany(["a", "b"], { deadlineAt });
      assert.equal(found.length, 2);
      assert.equal(found[1], undefined);
    },
  ],
  [
    "is healthy while it is open",
    async (cache) => {
      const health = await cache.health();
      assert.equal(health.status, "ok");
      assert.ok(health.latencyMs >= 0);
    },
  ],
  [
    "closes twice, and then counts each key as a miss and each call as an error, without rejecting",
    async (cache) => {
      await cache.setMany([["a", bytes(1)]]);
      await cache.close();
      await cache.close();
      const before = cache.stats();
      await cache.setMany([["b", bytes(2)]]);
      assert.deepEqual(await get(cache, "a", "b"), [undefined, undefined]);
      await cache.deleteMany(["a"]);
      const after = cache.stats();
      assert.equal(after.misses - before.misses, 2);
      assert.equal(after.errors - before.errors, 3);
      assert.equal((await cache.health()).status, "down");
    },
  ],
];

function bytes(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(values);
}

function number(value: number): Uint8Array {
  return bytes(value >> 8, value & 255);
}

/** Returns a plain `Uint8Array`, because a driver may return a subclass such as Node's `Buffer`. */
async function get(cache: Cache, ...keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> {
  const found = await cache.getMany(keys);
  return found.map((value) => value && new Uint8Array(value));
}
