import { setTimeout as sleep } from "node:timers/promises";
import { startFakeReplica } from "../../../servers/fake-replica/start-fake-replica.ts";
import { qdrantMissing, startQdrant } from "../../../servers/qdrant.ts";
import { z } from "zod";
import { redisMissing, startRedis } from "../../../servers/redis.ts";
import { exactly, shown, type Experiment } from "../experiment.ts";
import { unfinishedJobs, unreadablePoints } from "./stand/kept-promises.ts";
import { modelEnvironment } from "./stand/model-environment.ts";
import { serverFaults } from "./stand/server-faults.ts";
import { startPlatform, type Platform } from "./stand/start-platform.ts";

const workers = 5;
const pointsPerJob = 50;
/** Factor of the model's time, so that the workers have work at each kill. */
const slowness = 50;

/** SB-P5: five workers share the queue of a server, and one is killed again and again. */
export const killedWorkers: Experiment = {
  title: `${workers} workers on one queue, of which some are killed`,
  missing: async () => (await redisMissing("own")) ?? qdrantMissing("own"),
  run: async ({ seed, share }) => {
    const count = Math.max(10, Math.round(60 * Math.min(1, share * 3)));
    const kills = Math.max(1, Math.round(4 * share));
    const redis = await startRedis({ own: true, args: ["--maxmemory-policy", "noeviction"] });
    const qdrant = await startQdrant();
    const model = await startFakeReplica(seed, 16);
    const platform = await startPlatform({
      environment: { ...modelEnvironment(model.url), QUEUE_REDIS_URL: redis.url, QDRANT_URL: qdrant.url },
    });
    try {
      await model.control({ factor: slowness });
      const jobs = new Set<string>();
      const points = new Set<string>();
      for (let job = 0; job < count; job++) {
        const written = Array.from({ length: pointsPerJob }, (_, i) => ({
          id: `j${job}-${i}`,
          text: `Point ${i} of ${job}.`,
        }));
        const body = { kind: "ingest", collection: "load", points: written };
        const response = await platform.send("POST", "/api/v1/jobs", { body });
        jobs.add(JSON.parse(await response.text()).id);
        for (const { id } of written) points.add(id);
      }
      const running = await Promise.all(Array.from({ length: workers }, platform.startWorker));
      let idle = 0;
      for (let kill = 0; kill < kills; kill++) {
        await sleep(500);
        if ((await jobsLeft(platform, jobs)) === 0) idle += 1;
        await running[kill % running.length]?.close(); // SIGKILL
        running[kill % running.length] = await platform.startWorker();
      }
      await model.control({ factor: 1 });
      return [
        shown("jobs", jobs.size, ""),
        shown("killed workers", kills, ""),
        exactly("kills while no job was unfinished", idle, 0),
        exactly("accepted jobs that are lost", await unfinishedJobs(platform, jobs), 0),
        exactly("points of the jobs that are lost", await unreadablePoints(platform, points), 0),
        ...serverFaults(platform.server),
      ];
    } finally {
      await platform.close();
      model.close();
      await qdrant.close();
      await redis.close();
    }
  },
};

const jobState = z.object({ state: z.string() });

/** Counts the jobs that have not completed. */
async function jobsLeft({ send }: Platform, ids: ReadonlySet<string>): Promise<number> {
  let unfinished = 0;
  for (const id of ids) {
    const response = await send("GET", `/api/v1/jobs/${id}`);
    if (jobState.parse(await response.json()).state !== "completed") unfinished += 1;
  }
  return unfinished;
}
