import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, backup } from "node:sqlite";
import { expect, onTestFinished, test, vi } from "vitest";
import { WorkerClient } from "./channel/worker-client.ts";
import { sampleId, sampleSpec, sampleUpsert } from "./fixtures/sample-points.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";
import { SqliteStore, type SqliteStoreOptions } from "./index.ts";

function storeOn(path: string, options: Partial<SqliteStoreOptions> = {}): SqliteStore {
  const store = new SqliteStore({ path, ...options });
  onTestFinished(() => store.close());
  return store;
}

function storePath(): string {
  return join(temporaryFolder(), "store.sqlite");
}

/** Copies the file as it is now. Returns a function that restores the copy. */
async function keep(path: string): Promise<() => Promise<void>> {
  const copy = async (from: string, to: string): Promise<void> => {
    const database = new DatabaseSync(from);
    await backup(database, to);
    database.close();
  };
  await copy(path, `${path}.copy`);
  return () => copy(`${path}.copy`, path);
}

const everything = { legs: [{ dense: Float32Array.of(1, 0, 0, 0) }], limit: 100 } as const;

test("keeps points, incarnation and epoch when the file is opened again", async () => {
  const path = storePath();
  const first = storeOn(path);
  const { incarnation } = await first.ensureCollection(sampleSpec);
  await first.collection("samples").write([sampleUpsert(1), sampleUpsert(2)]);
  const hits = await first.collection("samples").search(everything);
  const epoch = await first.collection("samples").epoch();
  await first.close();

  const second = storeOn(path);
  expect(await second.ensureCollection(sampleSpec)).toMatchObject({ outcome: "exists", incarnation });
  expect(await second.collection("samples").search(everything)).toEqual(hits);
  expect(await second.collection("samples").epoch()).toBe(epoch);
});

test("never has the same epoch for two histories of one file, even after equally many writes", async () => {
  const [path, copy] = [storePath(), storePath()];
  const first = storeOn(path);
  await first.ensureCollection(sampleSpec);
  await first.close();
  cpSync(path, copy);
  const [mine, theirs] = [storeOn(path).collection("samples"), storeOn(copy).collection("samples")];
  expect(await mine.epoch()).toBe(await theirs.epoch());
  await mine.write([sampleUpsert(1)]);
  await theirs.write([sampleUpsert(1)]);
  expect(await mine.epoch()).not.toBe(await theirs.epoch());
});

test("searches a file that was restored while open in its restored state", async () => {
  const path = storePath();
  const store = storeOn(path);
  await store.ensureCollection(sampleSpec);
  const collection = store.collection("samples");
  await collection.write([sampleUpsert(1)]);
  const restore = await keep(path);
  await collection.write([sampleUpsert(2)]);
  expect(await collection.search(everything)).toHaveLength(2);
  await restore();
  expect((await collection.search(everything)).map(({ id }) => id)).toEqual([sampleId(1)]);
});

test("searches a file correctly that was restored and then written more often than before", async () => {
  const path = storePath();
  const [store, other] = [storeOn(path), storeOn(path)];
  await store.ensureCollection(sampleSpec);
  const collection = store.collection("samples");
  await collection.write([sampleUpsert(1)]);
  const restore = await keep(path);
  for (const number of [2, 3]) await collection.write([sampleUpsert(number)]);
  expect(await collection.search(everything)).toHaveLength(3);
  await restore();
  const fresh = other.collection("samples");
  for (const number of [4, 5, 6]) await fresh.write([sampleUpsert(number)]);
  const hits = await collection.search(everything);
  expect(hits).toEqual(await fresh.search(everything));
  expect(hits.map(({ id }) => id).sort()).toEqual([1, 4, 5, 6].map(sampleId).sort());
});

test("never returns a hit with another point's text, even if the rows were exchanged without the store", async () => {
  const path = storePath();
  const store = storeOn(path);
  await store.ensureCollection(sampleSpec);
  const collection = store.collection("samples");
  await collection.write([sampleUpsert(1), sampleUpsert(2)]);
  await collection.search(everything);
  const database = new DatabaseSync(path);
  database.exec(`UPDATE points SET id = 'elsewhere' WHERE id = '${sampleId(1)}'`);
  database.exec(`UPDATE points SET id = '${sampleId(1)}' WHERE id = '${sampleId(2)}'`);
  database.close();
  await expect(collection.search(everything)).rejects.toMatchObject({
    code: "storage_failed",
    retryable: true,
  });
  expect((await collection.search(everything)).map(({ id }) => id)).toContain(sampleId(1));
});

test("rebuilds an index whose state is forgotten", async () => {
  const path = storePath();
  const [store, other] = [storeOn(path), storeOn(path)];
  await store.ensureCollection(sampleSpec);
  await store.collection("samples").write([sampleUpsert(1)]);
  expect(await store.collection("samples").search(everything)).toHaveLength(1);
  await other.collection("samples").write([sampleUpsert(2)]);
  const database = new DatabaseSync(path);
  database.exec("DELETE FROM epochs");
  database.close();
  expect(await store.collection("samples").search(everything)).toHaveLength(2);
});

test("treats a collection that another connection recreated as another collection", async () => {
  const path = storePath();
  const [mine, theirs] = [storeOn(path), storeOn(path)];
  const { incarnation } = await mine.ensureCollection(sampleSpec);
  await mine.collection("samples").write([sampleUpsert(1)]);
  await mine.collection("samples").search(everything);
  await theirs.deleteCollection("samples");
  await expect(mine.collection("samples").search(everything)).rejects.toMatchObject({ code: "not_found" });
  expect((await theirs.ensureCollection(sampleSpec)).incarnation).not.toBe(incarnation);
  expect(await mine.collection("samples").search(everything)).toEqual([]);
});

test("drops the indexes of other tenants to make room, and rejects if one cannot fit", async () => {
  const path = storePath();
  const spec = { ...sampleSpec, tenancy: "required" } as const;
  const roomy = storeOn(path);
  await roomy.ensureCollection(spec);
  const tenants = ["a", "b", "c"];
  for (const tenant of tenants) {
    await roomy.collection("samples", { tenant }).write([1, 2, 3].map((number) => sampleUpsert(number)));
  }
  const cramped = storeOn(path, { maxIndexBytes: 4000 }); // one tenant fits, two do not
  for (const tenant of [...tenants, ...tenants]) {
    const hits = await cramped.collection("samples", { tenant }).search(everything);
    expect(hits).toEqual(await roomy.collection("samples", { tenant }).search(everything));
    expect(hits).toHaveLength(3);
  }
  const tooSmall = storeOn(path, { maxIndexBytes: 500 });
  await expect(tooSmall.collection("samples", { tenant: "a" }).search(everything)).rejects.toMatchObject({
    code: "index_too_large",
  });
  expect(await tooSmall.collection("samples", { tenant: "a" }).count()).toBe(3);
});

test("reports failures at their own positions in a batch that is larger than one message", async () => {
  const store = storeOn(":memory:");
  await store.ensureCollection(sampleSpec);
  const batch = Array.from({ length: 1100 }, (_, number) => sampleUpsert(number));
  const bad = { ...sampleUpsert(0), dense: Float32Array.of(NaN, 0, 0, 0) };
  const odd = { ...sampleUpsert(0), metadata: { year: Number.NaN } };
  const { failures } = await store
    .collection("samples")
    .write(batch.with(3, bad).with(700, bad).with(1099, odd));
  expect(Array.from(failures, ([position, { code }]) => [position, code]).sort()).toEqual(
    [
      [3, "invalid_vector"],
      [700, "invalid_vector"],
      [1099, "invalid_metadata"],
    ].sort(),
  );
  expect(await store.collection("samples").count()).toBe(1097);
});

test("reports an unusable file in every call and in health, and opens it after it is repaired", async () => {
  const path = storePath();
  writeFileSync(path, "not a database, but sixteen bytes and more");
  const store = storeOn(path);
  await expect(store.ensureCollection(sampleSpec)).rejects.toMatchObject({ code: "foreign_file" });
  expect(await store.health()).toMatchObject({ status: "down", detail: expect.stringContaining(path) });
  expect(readFileSync(path, "utf8")).toBe("not a database, but sixteen bytes and more");
  writeFileSync(path, "");
  expect(await store.ensureCollection(sampleSpec)).toMatchObject({ outcome: "created" });
  expect(await store.health()).toMatchObject({ status: "ok" });
});

test("has the durability of its options", async () => {
  const durability = async (options: SqliteStoreOptions): Promise<string> =>
    (await storeOn(options.path, options).capabilities()).durability;
  expect(await durability({ path: "x.sqlite" })).toBe("process");
  expect(await durability({ path: "x.sqlite", synchronous: "full" })).toBe("power");
  expect(await durability({ path: ":memory:", synchronous: "full" })).toBe("none");
});

test("checks its options in the constructor", () => {
  expect(() => new SqliteStore({ path: "" })).toThrow(/path/);
  expect(() => new SqliteStore({ path: "a\0b" })).toThrow(/NUL/);
  const misspelt = { path: "x.sqlite", lockTimeout: 5 };
  expect(() => new SqliteStore(misspelt)).toThrow(/lockTimeout/);
});

test("reads the statistics of many terms in bounded requests", async () => {
  const store = storeOn(":memory:");
  await store.ensureCollection({ name: "terms", sparse: { encoderId: "words" } });
  const terms = store.collection("terms");
  const { chunk, dense: _, ...point } = sampleUpsert(1);
  const { spaceId: __, ...rest } = chunk;
  const sparse = { indices: Uint32Array.of(0, 39_999), values: Float32Array.of(1, 1) };
  await terms.write([{ ...point, chunk: { ...rest, encoderId: "words" }, sparse }]);
  const call = vi.spyOn(WorkerClient.prototype, "call");
  onTestFinished(() => call.mockRestore());
  const statistics = await terms.termStatistics(Uint32Array.from({ length: 40_000 }, (_each, i) => i));
  expect(call).toHaveBeenCalledTimes(3);
  expect(statistics.points).toBe(1);
  expect(statistics.terms).toHaveLength(40_000);
  expect(statistics.terms.flatMap(({ containing }, i) => (containing === 1 ? [i] : []))).toEqual([0, 39_999]);
});
