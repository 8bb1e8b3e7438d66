import { BinnacleError, type Embedder, type VectorStore } from "@binnacle/core";
import { FakeEmbedder } from "@binnacle/core/testing";
import { createBm25Encoder, MemoryStore } from "@binnacle/retriever";
import { beforeEach, describe, expect, test } from "vitest";
import { isFinal, type Job } from "./job.ts";
import { watchJob, type JobQueue } from "./job-queue.ts";
import { createLocalQueue } from "./local-queue.ts";

const sparse = createBm25Encoder();
let store: VectorStore;
let embedder: FakeEmbedder;

beforeEach(async () => {
  store = new MemoryStore();
  embedder = new FakeEmbedder({ dimensions: 8 });
  const { space } = await embedder.describe();
  const dense = { spaceId: space.id, dimensions: 8 };
  await store.ensureCollection({ name: "notes", dense, sparse: { encoderId: sparse.id } });
});

const points = (count: number): { id: string; text: string }[] =>
  Array.from({ length: count }, (_, i) => ({ id: `n${i}`, text: `Note number ${i} about boats.` }));
const ingest = (count: number) => ({
  task: { kind: "ingest" as const, collection: "notes", points: points(count) },
});

async function ended(queue: JobQueue, id: string): Promise<Job | undefined> {
  let last: Job | undefined;
  for await (const job of watchJob(queue, id, { signal: AbortSignal.timeout(10_000), everyMs: 5 }))
    last = job;
  return last;
}

describe("a queue of this process", () => {
  test("stores the points of a job in batches, and tells its progress (Q55)", async () => {
    const queue = createLocalQueue({ store, embedder, sparse });
    const { id, state } = await queue.add(ingest(70));
    expect(state).toBe("waiting");
    const done = await ended(queue, id);
    expect(done).toMatchObject({
      state: "completed",
      progress: { done: 70, total: 70 },
      result: { written: 70, failed: 0 },
      attempts: 1,
    });
    expect(await store.collection("notes").count()).toBe(70);
    expect(embedder.calls).toBe(3);
    await queue.close();
  });

  test("notes the points that cannot be stored, and stores the others", async () => {
    const queue = createLocalQueue({ store, embedder, sparse });
    const { task } = ingest(3);
    const { id } = await queue.add({
      task: { ...task, points: [...task.points, { id: "empty", text: "" }] },
    });
    expect(await ended(queue, id)).toMatchObject({
      state: "completed",
      result: { written: 3, failed: 1, failures: [{ id: "empty", code: "invalid_vector" }] },
    });
    await queue.close();
  });

  test("tries again after a failure that passes, from where it was (Q55)", async () => {
    let failures = 2;
    const flaky: Embedder = {
      describe: (options) => embedder.describe(options),
      embed: (...given) => {
        if (failures === 0 || embedder.calls === 0) return embedder.embed(...given);
        failures--;
        return Promise.reject(new BinnacleError("overloaded", "busy", { retryable: true }));
      },
      close: () => embedder.close(),
      [Symbol.asyncDispose]: () => embedder.close(),
    };
    const queue = createLocalQueue({ store, embedder: flaky, sparse }, { retryMs: 1 });
    const { id } = await queue.add(ingest(64));
    expect(await ended(queue, id)).toMatchObject({
      state: "completed",
      attempts: 3,
      result: { written: 64, failed: 0 },
    });
    expect(embedder.calls).toBe(2); // the first batch was embedded once only
    await queue.close();
  });

  test("fails at once if a collection is missing", async () => {
    const queue = createLocalQueue({ store, embedder, sparse });
    const { id } = await queue.add({ task: { kind: "snapshot", collection: "none" } });
    expect(await ended(queue, id)).toMatchObject({ state: "failed", attempts: 1 });
    await queue.close();
  });

  test("begins nothing while it is paused, and cancels what waits (Q55)", async () => {
    const queue = createLocalQueue({ store, embedder, sparse });
    await queue.pause();
    const [first, second] = [await queue.add(ingest(1)), await queue.add(ingest(2))];
    expect(await queue.cancel(first.id)).toBe(true);
    expect(await queue.cancel(first.id)).toBe(false);
    expect((await queue.get(first.id))?.state).toBe("cancelled");
    expect((await queue.get(second.id))?.state).toBe("waiting");
    await queue.resume();
    expect(await ended(queue, second.id)).toMatchObject({ state: "completed" });
    expect((await queue.list(10)).map(({ id }) => id)).toEqual([second.id, first.id]);
    await queue.close();
  });

  test("ends a running job after its batch when it is cancelled (Q55)", async () => {
    const queue = createLocalQueue({ store, embedder, sparse });
    const { id } = await queue.add(ingest(1000));
    while (((await queue.get(id))?.progress.done ?? 0) === 0) await new Promise(setImmediate);
    expect(await queue.cancel(id)).toBe(true);
    const job = await ended(queue, id);
    expect(job?.state).toBe("cancelled");
    expect(await store.collection("notes").count()).toBeLessThan(1000);
    await queue.close();
  });

  test("embeds a collection anew into another collection, and keeps the ids (Q55)", async () => {
    const queue = createLocalQueue({ store, embedder, sparse });
    await ended(queue, (await queue.add(ingest(40))).id);
    const other = new FakeEmbedder({ dimensions: 4 });
    const second = createLocalQueue({ store, embedder: other, sparse });
    const { id } = await second.add({ task: { kind: "reembed", collection: "notes", into: "notes2" } });
    expect(await ended(second, id)).toMatchObject({ state: "completed", result: { written: 40 } });
    const info = await store.describeCollection("notes2");
    expect(info).toMatchObject({ dense: { dimensions: 4, spaceId: (await other.describe()).space.id } });
    const ids = async (name: string): Promise<string[]> => {
      const found: string[] = [];
      for await (const point of store.collection(name).scan()) found.push(point.id);
      return found.toSorted();
    };
    expect(await ids("notes2")).toEqual(await ids("notes"));
    await Promise.all([queue.close(), second.close()]);
  });

  test("keeps what was changed or deleted while a collection is embedded anew", async () => {
    const first = createLocalQueue({ store, embedder, sparse });
    await ended(first, (await first.add(ingest(3))).id);
    const handle = store.collection("notes");
    const stored: string[] = [];
    for await (const { id } of handle.scan()) stored.push(id);
    const [gone = "", changed = ""] = stored;
    const meddling: Embedder = {
      describe: (options) => embedder.describe(options),
      embed: async (...given) => {
        await handle.write([
          { type: "delete", id: gone },
          { type: "patch", id: changed, metadata: { a: "new" } },
        ]);
        return await embedder.embed(...given);
      },
      close: () => embedder.close(),
      [Symbol.asyncDispose]: () => embedder.close(),
    };
    const queue = createLocalQueue({ store, embedder: meddling, sparse });
    const { id } = await queue.add({ task: { kind: "reembed", collection: "notes" } });
    expect(await ended(queue, id)).toMatchObject({ state: "completed", result: { written: 1, failed: 0 } });
    const [deleted, patched] = await handle.get([gone, changed]);
    expect([deleted, patched?.metadata]).toEqual([undefined, { a: "new" }]);
    await Promise.all([first.close(), queue.close()]);
  });

  test("keeps no points of a job that has ended", async () => {
    const queue = createLocalQueue({ store, embedder, sparse });
    const done = await ended(queue, (await queue.add(ingest(3))).id);
    expect(done?.task).toMatchObject({ kind: "ingest", points: [] });
    await queue.close();
  });

  test("shows the cause of a failure, and reports its details apart", async () => {
    const errors: unknown[] = [];
    const failing: Embedder = {
      describe: (options) => embedder.describe(options),
      embed: () =>
        Promise.reject(new BinnacleError("inference_server", "http://10.0.0.7/secret-path failed")),
      close: () => embedder.close(),
      [Symbol.asyncDispose]: () => embedder.close(),
    };
    const onError = (error: unknown): void => void errors.push(error);
    const queue = createLocalQueue({ store, embedder: failing, sparse }, { onError });
    const job = await ended(queue, (await queue.add(ingest(1))).id);
    expect(job?.state).toBe("failed");
    expect(job?.error).not.toContain("10.0.0.7");
    expect(String(errors[0])).toContain("10.0.0.7");
    await queue.close();
  });

  test("leaves room for others if one tenant fills its share of the queue", async () => {
    const queue = createLocalQueue({ store, embedder, sparse });
    await queue.pause();
    const of = (tenant?: string) => queue.add({ ...ingest(1), tenant });
    for (let i = 0; i < 25; i++) await of("greedy");
    await expect(of("greedy")).rejects.toMatchObject({ code: "overloaded", statusCode: 503 });
    expect((await of("other")).state).toBe("waiting");
    expect((await of()).state).toBe("waiting");
    await queue.close();
  });

  test("keeps no more than a hundred jobs waiting", async () => {
    const queue = createLocalQueue({ store, embedder, sparse });
    await queue.pause();
    for (let i = 0; i < 100; i++) await queue.add(ingest(1));
    await expect(queue.add(ingest(1))).rejects.toMatchObject({ code: "overloaded", statusCode: 503 });
    expect((await queue.list(200)).every((job) => !isFinal(job))).toBe(true);
    await queue.close();
    await expect(queue.add(ingest(1))).rejects.toMatchObject({ code: "stopped" });
  });
});
