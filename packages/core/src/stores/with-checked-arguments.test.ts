import { expect, test } from "vitest";
import type { Collection } from "../spec/collection.ts";
import { withCheckedArguments } from "./with-checked-arguments.ts";

// Plain JavaScript passes values of any type.
const raw = (value: unknown): ReturnType<typeof JSON.parse> => value;
const unreachable = (): never => expect.unreachable("the collection was called");
const collection = withCheckedArguments({
  name: "docs",
  write: unreachable,
  deleteWhere: unreachable,
  get: unreachable,
  scan: unreachable,
  count: unreachable,
  search: unreachable,
  searchMany: unreachable,
  termStatistics: unreachable,
  epoch: unreachable,
});

async function scan(options: unknown): Promise<void> {
  for await (const point of collection.scan(raw(options))) expect.unreachable(point.id);
}

const query: Parameters<Collection["search"]>[0] = { legs: [{ dense: Float32Array.of(1, 2) }], limit: 1 };

const many = Array.from({ length: 10_000 }, (_, year) => ({ year }));
const count = (selector: unknown) => collection.count(raw(selector));

function nested(depth: number): unknown {
  let filter: unknown = { year: 1 };
  for (let i = 0; i < depth; i++) filter = { $not: filter };
  return filter;
}

test.each<[call: string, run: () => Promise<unknown>, message: RegExp]>([
  ["write without a list", () => collection.write(raw({})), /write: batch: .*an empty object/],
  ["write", () => collection.write([], raw({ fences: 1 })), /`fences` is not an option; .*fence/],
  ["write with a bare token", () => collection.write([], raw({ fence: 7 })), /write: fence/],
  ["get of one id", () => collection.get(raw("id")), /get: ids: .*the string "id"/],
  ["get of a number", () => collection.get(raw([7])), /get: ids\.0: expected a string, got the number 7/],
  ["get", () => collection.get([], raw({ vectors: true })), /`vectors` .*includeVectors/],
  ["count", () => collection.count({}, raw({ limit: 1 })), /count: `limit`/],
  ["search", () => collection.search(query, raw({ topK: 1 })), /search: `topK`/],
  ["search with null", () => collection.search(query, raw(null)), /search: .*received null/],
  ["searchMany of one query", () => collection.searchMany(raw(query)), /queries: expected an array/],
  [
    "termStatistics",
    () => collection.termStatistics(raw([7])),
    /indices: expected a Uint32Array, got an array/,
  ],
  ["termStatistics", () => collection.termStatistics(new Uint32Array(), raw({ k: 1 })), /`k`/],
  ["epoch", () => collection.epoch(raw({ source: "a" })), /`source` .*sourceId/],
  ["deleteWhere", () => collection.deleteWhere({ sourceId: "a" }, raw({ all: true })), /`all`/],
  ["a signal", () => collection.count({}, raw({ signal: new AbortController() })), /AbortController/],
  ["scan", () => scan({ limit: 1 }), /scan: `limit`/],
  ["a filter of 10,000 groups", () => count({ filter: { $or: many } }), /more than 1000 conditions/],
  ["a filter nested 10,000 deep", () => count({ filter: nested(10_000) }), /nested deeper than 16 groups/],
  [
    "search with 1,000 legs",
    () =>
      collection.search({
        ...query,
        legs: [query.legs[0], ...Array.from({ length: 999 }, () => query.legs[0])],
      }),
    /search: legs: expected at most 16 items, got 1000/,
  ],
  [
    "searchMany with 33 boosts",
    () => collection.searchMany([{ ...query, boost: Array.from({ length: 33 }, () => raw({})) }]),
    /search: boost: expected at most 32 items, got 33/,
  ],
  ["scan by no page size", () => scan({ pageSize: "9" }), /`pageSize` must .* got the string "9"/],
])("refuses wrong arguments of %s and names the value and the expected type", async (_, run, message) => {
  await expect(run()).rejects.toMatchObject({
    name: "ConfigurationError",
    message: expect.stringMatching(message),
  });
});
