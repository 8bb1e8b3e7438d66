import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import type { Cache } from "../spec/cache.ts";
import { contractCases, type ContractCase } from "./contract-case.ts";

type Promised = readonly [name: string, body: (cache: Cache) => Promise<void>];

/** The promises that every cache keeps. `create` makes an empty cache with room for 32 MiB and no short time limit. */
export function cacheContract(create: () => Promise<Cache>): readonly ContractCase[] {
  return contractCases(create, (cache) => cache.close(), [...values, ...changes, ...failures]);
}

const values: readonly Promised[] = [
  [
    "returns values in the order asked, and undefined for the rest",
    async (cache) => {
      await cache.setMany([
        ["a", bytes(1)],
        ["b", bytes(2)],
      ]);
      assert.deepEqual(await get(cache, "b", "missing", "a", "b"), [bytes(2), undefined, bytes(1), bytes(2)]);
    },
  ],
  [
    "keeps every byte, a value without any, and a value that is a part of a larger buffer",
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
    "takes any text as a key and tells near ones apart",
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
    "stores copies: a change to what was given changes nothing",
    async (cache) => {
      const given = bytes(1, 2, 3);
      const stored = cache.setMany([["a", given]]);
      await stored;
      given.fill(9);
      assert.deepEqual(await get(cache, "a"), [bytes(1, 2, 3)]);
    },
  ],
  [
    "what was returned stays as it is, whatever becomes of its key",
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
    "nothing asked, nothing given, nothing deleted: nothing happens",
    async (cache) => {
      assert.deepEqual(await cache.getMany([]), []);
      await cache.setMany([]);
      await cache.deleteMany([]);
    },
  ],
  [
    "takes 5 000 values in one call",
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
    "serves many callers at once, each its own",
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
    "the last value of a key counts, within a call too",
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
    "what was deleted is a miss; deleting what is not there is no failure",
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
    "a value is served until its time is over, and not after",
    async (cache) => {
      await cache.setMany([["long", bytes(1)]], { ttlMs: 3_600_000 });
      await cache.setMany([["short", bytes(2)]], { ttlMs: 10 });
      await wait(50);
      assert.deepEqual(await get(cache, "long", "short"), [bytes(1), undefined]);
    },
  ],
  [
    "setting a value again begins its time anew",
    async (cache) => {
      await cache.setMany([["a", bytes(1)]], { ttlMs: 10 });
      await cache.setMany([["a", bytes(2)]], { ttlMs: 3_600_000 });
      await wait(50);
      assert.deepEqual(await get(cache, "a"), [bytes(2)]);
    },
  ],
  [
    "forgets a key that is set without time to live, and counts no failure",
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
    "counts hits and misses, one for each key asked",
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
    "an abort rejects with the signal's own reason, and nothing is done",
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
    "a deadline that has passed rejects nothing: a cache can only be of help",
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
    "closes twice, and then holds nothing: each key is a miss, each call a counted error, none a rejection",
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

/** As plain `Uint8Array`: a driver may return a subclass, such as Node's `Buffer`. */
async function get(cache: Cache, ...keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> {
  const found = await cache.getMany(keys);
  return found.map((value) => value && new Uint8Array(value));
}
