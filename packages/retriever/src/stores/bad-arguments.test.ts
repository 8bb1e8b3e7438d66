import type { VectorStore } from "@binnacle/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MemoryStore } from "./memory/index.ts";
import { SqliteStore } from "./sqlite/index.ts";

// As plain JavaScript hands it over.
const raw = (value: unknown): ReturnType<typeof JSON.parse> => value;
const spec = { name: "args", dense: { spaceId: "s", dimensions: 2 } };
const query = { legs: [{ dense: Float32Array.of(1, 2) }], limit: 1 } as const;

const calls: readonly [call: string, run: (store: VectorStore) => unknown, message: RegExp][] = [
  ["capabilities", (store) => store.capabilities(raw({ topK: 1 })), /`topK` is not an option/],
  [
    "ensureCollection",
    (store) => store.ensureCollection(spec, raw({ force: true })),
    /`force` is not an option/,
  ],
  [
    "write without a list",
    (store) => store.collection("args").write(raw({})),
    /write: batch: .*an empty object/,
  ],
  [
    "write",
    (store) => store.collection("args").write([], raw({ fences: 1 })),
    /`fences` is not an option; .*fence/,
  ],
  [
    "write with a bare token",
    (store) => store.collection("args").write([], raw({ fence: 7 })),
    /write: fence/,
  ],
  ["get of one id", (store) => store.collection("args").get(raw("id")), /get: ids: .*the string "id"/],
  ["get", (store) => store.collection("args").get([], raw({ vectors: true })), /`vectors` .*includeVectors/],
  ["count", (store) => store.collection("args").count({}, raw({ limit: 1 })), /count: `limit`/],
  ["search", (store) => store.collection("args").search(query, raw({ topK: 1 })), /search: `topK`/],
  [
    "search with null",
    (store) => store.collection("args").search(query, raw(null)),
    /search: .*received null/,
  ],
  [
    "searchMany of one query",
    (store) => store.collection("args").searchMany(raw(query)),
    /queries: expected an array/,
  ],
  [
    "termStatistics",
    (store) => store.collection("args").termStatistics(new Uint32Array(), raw({ k: 1 })),
    /`k`/,
  ],
  ["epoch", (store) => store.collection("args").epoch(raw({ source: "a" })), /`source` .*sourceId/],
  [
    "deleteWhere",
    (store) => store.collection("args").deleteWhere({ sourceId: "a" }, raw({ all: true })),
    /`all`/,
  ],
  [
    "a signal",
    (store) => store.collection("args").count({}, raw({ signal: new AbortController() })),
    /AbortController/,
  ],
  [
    "scan",
    async (store) => {
      for await (const point of store.collection("args").scan(raw({ limit: 1 })))
        expect.unreachable(point.id);
    },
    /scan: `limit`/,
  ],
];

describe.each<[name: string, create: () => VectorStore]>([
  ["MemoryStore", () => new MemoryStore()],
  ["SqliteStore", () => new SqliteStore({ path: ":memory:" })],
])("%s", (_, create) => {
  // One store for all: no call gets as far as to change it.
  const store = create();
  beforeAll(() => store.ensureCollection(spec));
  afterAll(() => store.close());

  test.each(calls)("refuses wrong options of %s", async (_call, run, message) => {
    await expect(run(store)).rejects.toMatchObject({
      name: "ConfigurationError",
      message: expect.stringMatching(message),
    });
  });
});
