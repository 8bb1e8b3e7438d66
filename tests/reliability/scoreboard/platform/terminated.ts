import { setTimeout as sleep } from "node:timers/promises";
import { startFakeReplica } from "../../../servers/fake-replica/start-fake-replica.ts";
import { qdrantMissing, startQdrant } from "../../../servers/qdrant.ts";
import { redisMissing, startRedis } from "../../../servers/redis.ts";
import { createBullQueue } from "../../../../examples/rag-server/src/jobs/bull/create-bull-queue.ts";
import { atMost, exactly, shown, type Experiment, type Figure } from "../experiment.ts";
import { modelEnvironment } from "./stand/model-environment.ts";
import { startMixedLoad, type LedgerEntry } from "./stand/mixed-load.ts";
import { startPlatform } from "./stand/start-platform.ts";
import type { RunningProgram } from "./stand/start-program.ts";

const perSecond = 20;
const underLoadMs = 3_000;
const exitMs = 10_000;
const pointsPerJob = 200;

/** SB-L3: the server and a worker get SIGTERM under load. Another worker finishes the jobs. */
export const terminated: Experiment = {
  title: "SIGTERM to the server and to a worker under load",
  missing: async () => (await redisMissing("own")) ?? qdrantMissing("own"),
  run: async ({ seed }) => {
    const redis = await startRedis({ own: true, args: ["--maxmemory-policy", "noeviction"] });
    const qdrant = await startQdrant();
    const model = await startFakeReplica(seed, 64);
    const platform = await startPlatform({
      environment: {
        ...modelEnvironment(model.url),
        QUEUE_REDIS_URL: redis.url,
        QDRANT_URL: qdrant.url,
      },
    });
    const queue = createBullQueue({ url: redis.url });
    try {
      await model.control({ pieces: 20, pieceMs: 40 }); // each answer takes most of a second
      const worker = await platform.startWorker();
      const load = await startMixedLoad(platform, { perSecond, seed });
      const big = Array.from({ length: 3 }, (_, i) => queue.add({ task: bigTask(i), tenant: undefined }));
      const jobs = (await Promise.all(big)).map(({ id }) => id);
      await sleep(underLoadMs);
      const stoppedAt = load.now();
      const ends = Promise.all([platform.server, worker].map(stopped));
      await sleep(500);
      await load.stop();
      const [server, stoppedWorker] = await ends;
      await platform.startWorker();
      const accepted = [...jobs, ...load.jobs];
      const lost = await unfinished(queue, accepted);
      return [
        ...inFlightFigures(load.ledger, stoppedAt),
        exactly("exit status of the server", server?.status ?? -1, 0),
        atMost("until the server has ended", server?.ms ?? Number.NaN, exitMs, "ms"),
        exactly("exit status of the worker", stoppedWorker?.status ?? -1, 0),
        shown("until the worker has ended", stoppedWorker?.ms ?? Number.NaN, "ms"),
        shown("accepted jobs", accepted.length, ""),
        exactly("accepted jobs that are lost", lost, 0),
        exactly(
          "unhandled rejections and warnings in the log",
          platform.server.faults() + worker.faults(),
          0,
        ),
      ];
    } finally {
      await queue.close();
      await platform.close();
      model.close();
      await qdrant.close();
      await redis.close();
    }
  },
};

/** Requests that were running at the signal must end well, or with a documented failure. */
function inFlightFigures(ledger: readonly LedgerEntry[], stoppedAt: number): readonly Figure[] {
  const running = ledger.filter(({ atMs, ms }) => atMs <= stoppedAt && atMs + ms > stoppedAt);
  const after = ledger.filter(({ atMs }) => atMs > stoppedAt);
  const before = ledger.filter(({ atMs, ms }) => atMs + ms <= stoppedAt);
  return [
    exactly("failed requests before the signal", before.filter(({ code }) => code !== "ok").length, 0),
    shown("requests that ran at the signal", running.length, ""),
    exactly("of these: dropped", running.filter(({ isDocumented }) => !isDocumented).length, 0),
    shown("of these: finished", running.filter(({ code }) => code === "ok").length, ""),
    shown(
      "later requests: refused with a documented status",
      after.filter(({ status }) => status === 503).length,
      `of ${after.length}`,
    ),
    shown(
      "later requests: not connected",
      after.filter(({ status }) => status === 0).length,
      `of ${after.length}`,
    ),
  ];
}

function bigTask(number: number): Parameters<ReturnType<typeof createBullQueue>["add"]>[0]["task"] {
  const points = Array.from({ length: pointsPerJob }, (_, i) => ({
    id: `big-${number}-${i}`,
    text: `Point ${i}.`,
  }));
  return { kind: "ingest", collection: "load", points };
}

async function stopped(
  program: RunningProgram,
): Promise<{ readonly status: number | null; readonly ms: number }> {
  program.signal("SIGTERM");
  const ms = await program.exit();
  return { status: program.ended?.status ?? null, ms };
}

/** Waits for the jobs, and counts those that did not complete. */
async function unfinished(
  queue: ReturnType<typeof createBullQueue>,
  ids: readonly string[],
): Promise<number> {
  const open = new Set(ids);
  for (const end = performance.now() + 60_000; open.size > 0 && performance.now() < end; await sleep(100))
    for (const id of open) if ((await queue.get(id))?.state === "completed") open.delete(id);
  return open.size;
}
