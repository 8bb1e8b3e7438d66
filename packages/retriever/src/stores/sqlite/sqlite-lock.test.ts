import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { TimeoutError } from "@binnacle/core";
import { expect, onTestFinished, test } from "vitest";
import { sampleSpec, sampleUpsert } from "./fixtures/sample-points.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";
import { SqliteStore } from "./index.ts";

/** Returns a store whose file another connection keeps locked for writing. */
async function lockedStore(
  lockTimeoutMs: number,
): Promise<{ readonly store: SqliteStore; readonly unlock: () => void }> {
  const path = join(temporaryFolder(), "store.sqlite");
  const store = new SqliteStore({ path, lockTimeoutMs });
  onTestFinished(() => store.close());
  await store.ensureCollection(sampleSpec);
  await store.collection("samples").write([sampleUpsert(0)]);
  const other = new DatabaseSync(path);
  other.exec("BEGIN IMMEDIATE");
  const unlock = (): void => {
    if (other.isOpen) other.close();
  };
  onTestFinished(unlock);
  return { store, unlock };
}

test("waits for a locked file, while readers do not wait", async () => {
  const { store, unlock } = await lockedStore(60_000);
  const collection = store.collection("samples");
  const writing = collection.write([sampleUpsert(1)]);
  const alsoWriting = collection.write([sampleUpsert(2)]);
  expect(await collection.count()).toBe(1);
  unlock();
  expect((await writing).failures.size).toBe(0);
  expect((await alsoWriting).failures.size).toBe(0);
  expect(await collection.count()).toBe(3);
});

test("rejects with a timeout of phase lock if the file stays locked, by option or by deadline", async () => {
  const { store } = await lockedStore(50);
  const collection = store.collection("samples");
  await expect(collection.write([sampleUpsert(1)])).rejects.toMatchObject({
    name: "TimeoutError",
    phase: "lock",
    retryable: true,
  });
  const patient = (await lockedStore(60_000)).store.collection("samples");
  const deadlineAt = Date.now() + 200;
  await expect(patient.write([sampleUpsert(1)], { deadlineAt })).rejects.toMatchObject({
    name: "TimeoutError",
    phase: "lock",
  });
  expect(Date.now()).toBeGreaterThanOrEqual(deadlineAt);
});

test("counts the waiting time of each queued write from its own call", async () => {
  const lockTimeoutMs = 300;
  const { store } = await lockedStore(lockTimeoutMs);
  const collection = store.collection("samples");
  const startedAt = Date.now();
  const errors = await Promise.all(
    [1, 2, 3, 4].map(async (number) => {
      const error: unknown = await collection
        .write([sampleUpsert(number)])
        .catch((reason: unknown) => reason);
      return { error, took: Date.now() - startedAt };
    }),
  );
  for (const { error, took } of errors) {
    if (!TimeoutError.isInstance(error)) throw new Error("expected a TimeoutError");
    expect(error.phase).toBe("lock");
    expect(error.afterMs).toBeGreaterThanOrEqual(lockTimeoutMs);
    expect(error.afterMs).toBeLessThanOrEqual(took);
    expect(took).toBeLessThan(3 * lockTimeoutMs);
  }
});

test("ends the wait with the abort's own reason, and does not write later", async () => {
  const { store, unlock } = await lockedStore(60_000);
  const collection = store.collection("samples");
  const controller = new AbortController();
  const reason = new Error("enough");
  const writing = collection.write([sampleUpsert(1)], { signal: controller.signal });
  await collection.count(); // resolves after the write began to wait
  controller.abort(reason);
  await expect(writing).rejects.toBe(reason);
  unlock();
  await collection.write([sampleUpsert(2)]);
  expect(await collection.count()).toBe(2);
});

test("ends writes that wait for the lock when it closes", async () => {
  const { store } = await lockedStore(60_000);
  const collection = store.collection("samples");
  const writing = expect(collection.write([sampleUpsert(1)])).rejects.toMatchObject({ code: "closed" });
  await collection.count();
  await store.close();
  await writing;
});
