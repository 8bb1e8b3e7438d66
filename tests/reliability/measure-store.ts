// Measures the embedded store with and without its worker thread. Prints one JSON line per figure: `npm exec
// -- node --conditions=@binnacle/source tests/reliability/measure-store.ts [points]`.
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SqliteStore } from "@binnacle/retriever/sqlite";
import { packWrites } from "../../packages/retriever/src/stores/sqlite/channel/packed-writes.ts";
import { openStoreService } from "../../packages/retriever/src/stores/sqlite/database/store-service.ts";
import { fill, filledBatches, filledSpec, randomNumbers, randomQuery } from "./filled-store.ts";
import { loopStretch, type LoopStretch } from "./loop-stretch.ts";

const points = Number(process.argv[2] ?? 50_000);
const seed = 7;
const call = {
  signal: new AbortController().signal,
  get startedAt(): number {
    return Date.now();
  },
  onWaiting: (): void => undefined,
};
const scope = { collection: filledSpec.name, tenant: undefined };
const folder = mkdtempSync(join(tmpdir(), "binnacle-measure-"));
try {
  await withWorker(join(folder, "worker.sqlite"));
  await withoutWorker(join(folder, "in-thread.sqlite"));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function withWorker(path: string): Promise<void> {
  const random = randomNumbers(seed);
  const batches = [...filledBatches(points, random)]; // created first, so that only the store is measured
  const store = new SqliteStore({ path });
  await store.health();
  const writeMs = await measured("worker: write", () => fill(store, batches));
  report("worker: points written per second", (points / writeMs) * 1000);
  report("file size, MB", statSync(path).size / 1e6);
  await store.close();

  const again = new SqliteStore({ path });
  const collection = again.collection(filledSpec.name);
  await measured("worker: start thread and open", () => again.health());
  await measured("worker: first search, loads the index", () =>
    collection.search(randomQuery("dense", random)),
  );
  for (const kind of ["dense", "sparse", "hybrid"] as const) {
    await repeated(`worker: ${kind} search`, 50, () => collection.search(randomQuery(kind, random)));
  }
  await repeated("worker: epoch, nearly nothing but the call", 500, () => collection.epoch());
  await measured("worker: scan", async () => {
    let count = 0;
    for await (const point of collection.scan()) count += point.version;
    if (count !== points) throw new Error(`scan found ${count} points`);
  });
  await again.close();
}

async function withoutWorker(path: string): Promise<void> {
  const random = randomNumbers(seed);
  const batches = [...filledBatches(points, random)];
  const options = { path, synchronous: "normal", lockTimeoutMs: 1000, maxIndexBytes: 2 ** 30 } as const;
  const { handlers, close } = await openStoreService(options, call);
  await handlers.ensureCollection({ spec: filledSpec }, call);
  const writeMs = await measured("in-thread: write", async () => {
    for (const batch of batches) {
      await handlers.write({ ...scope, writes: packWrites(batch), fence: undefined }, call);
      await new Promise(setImmediate); // otherwise this caller would starve its event loop
    }
  });
  report("in-thread: points written per second", (points / writeMs) * 1000);
  const search = (kind: "dense" | "sparse" | "hybrid"): unknown =>
    handlers.search({ ...scope, queries: [randomQuery(kind, random)] }, call);
  await measured("in-thread: first search, loads the index", async () => search("dense"));
  for (const kind of ["dense", "sparse", "hybrid"] as const) {
    await repeated(`in-thread: ${kind} search`, 50, async () => search(kind));
  }
  await repeated("in-thread: epoch", 500, async () =>
    handlers.epoch({ ...scope, sourceId: undefined }, call),
  );
  close();
}

/** Runs `body` once and reports its duration and its effect on this thread's event loop. */
async function measured(name: string, body: () => Promise<unknown>): Promise<number> {
  let ms = 0;
  let cpuMs = 0;
  const stretch = await loopStretch(async () => {
    const startedAt = performance.now();
    const spent = process.cpuUsage();
    await body();
    const { user, system } = process.cpuUsage(spent);
    ms = performance.now() - startedAt;
    cpuMs = (user + system) / 1000;
  });
  report(`${name}, ms`, ms);
  report(`${name}, processor ms of the whole process`, cpuMs);
  reportStretch(name, stretch);
  return ms;
}

async function repeated(name: string, times: number, body: () => Promise<unknown>): Promise<void> {
  const durations: number[] = [];
  const spent = process.cpuUsage();
  const stretch = await loopStretch(async () => {
    for (let i = 0; i < times; i++) {
      const startedAt = performance.now();
      await body();
      durations.push(performance.now() - startedAt);
      await new Promise(setImmediate);
    }
  });
  const { user, system } = process.cpuUsage(spent);
  report(`${name}, processor ms of the whole process, each`, (user + system) / 1000 / times);
  durations.sort((a, b) => a - b);
  report(`${name}, p50 ms`, durations[Math.floor(times * 0.5)] ?? NaN);
  report(`${name}, p95 ms`, durations[Math.floor(times * 0.95)] ?? NaN);
  reportStretch(name, stretch);
}

function reportStretch(name: string, stretch: LoopStretch): void {
  report(`${name}, longest event loop delay ms`, stretch.delayMs);
  report(`${name}, longest event loop delay ms of an idle thread meanwhile`, stretch.idleThreadMs);
  report(`${name}, most computed on the caller's thread at a stretch, ms`, stretch.computedMs);
}

function report(row: string, value: number): void {
  const rounded = Number(value.toPrecision(4));
  process.stdout.write(`${JSON.stringify({ suite: "store", row, value: rounded, points, seed })}\n`);
}
