import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { FakeEmbedder } from "@binnacle/core/testing";
import { createBm25Encoder, MemoryStore } from "@binnacle/retriever";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { redisMissing, startRedis, type RedisServer } from "../../../../../tests/servers/redis.ts";
import { until } from "../../../../../tests/servers/until.ts";
import { temporaryFolder } from "../../testing/temporary-folder.ts";
import { isFinal, type Job } from "../job.ts";
import { watchJob, type JobQueue } from "../job-queue.ts";
import { createBullQueue } from "./create-bull-queue.ts";
import { startBullWorker, type RunningWorker } from "./start-bull-worker.ts";

const missing = await redisMissing("own");
const workerProcess = fileURLToPath(new URL("fixtures/worker-process.ts", import.meta.url));
const sparse = createBm25Encoder();

const ingest = (name: string, count: number) => ({
  task: {
    kind: "ingest" as const,
    collection: "notes",
    points: Array.from({ length: count }, (_, i) => ({ id: `${name}-${i}`, text: `Note ${i} of ${name}.` })),
  },
});

describe.skipIf(missing !== undefined)(`jobs on Redis${missing ? ` (${missing})` : ""}`, () => {
  let redis: RedisServer;
  let queue: JobQueue;
  let store: MemoryStore;
  const embedder = new FakeEmbedder({ dimensions: 8 });
  const workers: RunningWorker[] = [];

  beforeAll(async () => {
    redis = await startRedis({ own: true, args: ["--maxmemory-policy", "noeviction"] });
  });
  afterAll(() => redis.close());
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.close()));
    await queue.close();
    await redis.cli("flushall");
  });

  async function begin(): Promise<void> {
    store = new MemoryStore();
    const { space } = await embedder.describe();
    const dense = { spaceId: space.id, dimensions: 8 };
    await store.ensureCollection({ name: "notes", dense, sparse: { encoderId: sparse.id } });
    queue = createBullQueue({ url: redis.url });
  }
  const startWorker = (options: { graceMs?: number } = {}): RunningWorker => {
    const worker = startBullWorker({ store, embedder, sparse }, { url: redis.url, lockMs: 1000, ...options });
    workers.push(worker);
    return worker;
  };
  async function ended({ id }: Job): Promise<Job | undefined> {
    let last: Job | undefined;
    for await (const job of watchJob(queue, id, { signal: AbortSignal.timeout(60_000), everyMs: 20 }))
      last = job;
    return last;
  }

  test("shares the jobs between five workers and loses none (Q55)", async () => {
    await begin();
    const jobs = await Promise.all(Array.from({ length: 40 }, (_, i) => queue.add(ingest(`j${i}`, 10))));
    for (let i = 0; i < 5; i++) startWorker();
    const states = await Promise.all(jobs.map(ended));
    expect(states.map((job) => job?.state)).toEqual(jobs.map(() => "completed"));
    expect(await store.collection("notes").count()).toBe(400);
  });

  test("pauses, goes on, and cancels a job that waits (Q55)", async () => {
    await begin();
    startWorker();
    await queue.pause();
    const [kept, dropped] = [await queue.add(ingest("kept", 2)), await queue.add(ingest("dropped", 2))];
    expect(await queue.cancel(dropped.id)).toBe(true);
    expect((await queue.get(dropped.id))?.state).toBe("cancelled");
    await queue.resume();
    expect(await ended(kept)).toMatchObject({ state: "completed", result: { written: 2 } });
    expect(await ended(dropped)).toMatchObject({ state: "cancelled" });
    expect(await store.collection("notes").count()).toBe(2);
  });

  test("returns the work of a worker that is stopped, and another goes on from there (Q55)", async () => {
    await begin();
    const first = startWorker({ graceMs: 0 });
    const job = await queue.add(ingest("long", 1000));
    await until(async () => ((await queue.get(job.id))?.progress.done ?? 0) > 0, "some progress");
    await first.close();
    const returned = await queue.get(job.id);
    expect(returned?.state === "waiting" || returned?.state === "completed").toBe(true);
    startWorker();
    expect(await ended(job)).toMatchObject({ state: "completed", result: { written: 1000, failed: 0 } });
    expect(await store.collection("notes").count()).toBe(1000);
  });

  test("refuses calls in time while Redis is gone, and works again afterwards", async () => {
    await begin();
    redis.signal("SIGSTOP");
    await expect(queue.add(ingest("lost", 1))).rejects.toMatchObject({ statusCode: 503 });
    redis.signal("SIGCONT");
    expect(await queue.isPaused()).toBe(false);
  });

  test("does not try again what cannot succeed, and says why", async () => {
    await begin();
    startWorker();
    const job = await queue.add({ task: { kind: "snapshot", collection: "none" } });
    const failed = await ended(job);
    expect(failed).toMatchObject({ state: "failed", attempts: 1 });
    expect(failed?.error).toMatch(/none|snapshots/);
  });

  test("loses no job when workers are killed at random (Q55)", async () => {
    await begin();
    const data = await temporaryFolder();
    const children = new Set<ChildProcess>();
    const spawnWorker = (): ChildProcess => {
      const args = ["--conditions=@binnacle/source", workerProcess, redis.url, data.path];
      const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
      children.add(child);
      child.once("exit", () => children.delete(child));
      return child;
    };
    try {
      for (let i = 0; i < 2; i++) spawnWorker();
      const jobs = await Promise.all(Array.from({ length: 12 }, (_, i) => queue.add(ingest(`k${i}`, 64))));
      for (let kills = 0; kills < 3; kills++) {
        await until(
          async () => (await queue.list(50)).some(({ state }) => state === "active"),
          "a running job",
        );
        const victim = [...children][kills % children.size];
        victim?.kill("SIGKILL");
        spawnWorker();
      }
      const states = await Promise.all(jobs.map(ended));
      expect(states.every((job) => job !== undefined && isFinal(job))).toBe(true);
      expect(states.map((job) => [job?.state, job?.result?.failed])).toEqual(
        jobs.map(() => ["completed", 0]),
      );
    } finally {
      for (const child of children) {
        child.kill("SIGKILL");
        await once(child, "exit");
      }
      await rm(data.path, { recursive: true, force: true });
    }
  });

  test("leaves room for others if one tenant fills its share of the queue", async () => {
    await begin();
    const of = (tenant?: string) => queue.add({ ...ingest("n", 1), tenant });
    await Promise.all(Array.from({ length: 500 }, () => of("greedy")));
    await expect(of("greedy")).rejects.toMatchObject({ code: "overloaded", statusCode: 503 });
    expect((await of("other")).state).toBe("waiting");
    await queue.pause();
    await expect(of("greedy")).rejects.toMatchObject({ code: "overloaded" });
    expect((await of()).state).toBe("waiting");
  });
});
