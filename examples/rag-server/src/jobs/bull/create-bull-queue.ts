import { Job as BullJob, Queue } from "bullmq";
import { isFinal, keptForMs, mostAttempts, mostKept } from "../job.ts";
import type { JobQueue } from "../job-queue.ts";
import { bullConnection } from "./bull-connection.ts";
import { queueName, readJob, type JobData } from "./bull-job.ts";

const kept = { age: keptForMs / 1000, count: mostKept };

/** Options of {@link createBullQueue}. */
export interface BullQueueOptions {
  readonly url: string;
  /** Receives failures of the connection. They pass when Redis is back. */
  readonly onError?: ((error: Error) => void) | undefined;
}

/** Creates a queue on Redis. Its jobs outlive every process. */
export function createBullQueue({ url, onError }: BullQueueOptions): JobQueue {
  const queue = new Queue<JobData>(queueName, { connection: bullConnection(url) });
  queue.on("error", (error) => onError?.(error));
  const find = async (id: string): Promise<BullJob<JobData> | undefined> => await BullJob.fromId(queue, id);
  return {
    add: async ({ task, tenant }) => {
      const job = await queue.add(
        task.kind,
        { task, tenant },
        {
          attempts: mostAttempts,
          backoff: { type: "exponential", delay: 1000 },
          removeOnComplete: kept,
          removeOnFail: kept,
        },
      );
      return await readJob(job);
    },
    get: async (id) => {
      const job = await find(id);
      const read = job && (await readJob(job));
      if (read === undefined || !isFinal(read) || read.finishedAt !== undefined) return read;
      // The job ended after its fields were read, and before its state was.
      const again = await find(id);
      return again && (await readJob(again));
    },
    list: async (limit) => {
      const states = ["waiting", "active", "delayed", "prioritized", "completed", "failed"] as const;
      const found = await queue.getJobs([...states], 0, limit - 1);
      const jobs = await Promise.all(found.map(readJob));
      return jobs.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime()).slice(0, limit);
    },
    cancel: async (id) => {
      const job = await find(id);
      if (job === undefined || isFinal(await readJob(job))) return false;
      await job.updateData({ ...job.data, isCancelled: true });
      return true;
    },
    pause: () => queue.pause(),
    resume: () => queue.resume(),
    isPaused: () => queue.isPaused(),
    close: () => queue.close(),
  };
}
