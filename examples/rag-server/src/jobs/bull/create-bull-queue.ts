import { createHash, randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { Job as BullJob, Queue } from "bullmq";
import { RequestFault } from "../../http/request-fault.ts";
import { fullQueue } from "../full-queue.ts";
import { isFinal, keptForMs, mostAttempts, mostKept, type Job } from "../job.ts";
import type { JobQueue, NewJob } from "../job-queue.ts";
import { serverConnection } from "./bull-connection.ts";
import { queueName, readJob, type JobData } from "./bull-job.ts";

/** Milliseconds that a call may wait for Redis. */
const answerMs = 3000;
/** Most jobs that may wait in Redis, in all and of one tenant. */
const mostWaiting = { all: 2000, ofTenant: 500 };
const kept = { age: keptForMs / 1000, count: mostKept };

/** Options of {@link createBullQueue}. */
export interface BullQueueOptions {
  readonly url: string;
  /** Receives failures of the connection. They pass when Redis is back. */
  readonly onError?: ((error: Error) => void) | undefined;
}

/** Creates a queue on Redis. Its jobs outlive every process. */
export function createBullQueue({ url, onError }: BullQueueOptions): JobQueue {
  const queue = new Queue<JobData>(queueName, { connection: serverConnection(url) });
  queue.on("error", (error) => onError?.(error));
  const find = async (id: string): Promise<BullJob<JobData> | undefined> => await BullJob.fromId(queue, id);
  const getJob = async (id: string): Promise<Job | undefined> => {
    const job = await find(id);
    const read = job && (await readJob(job));
    if (read === undefined || !isFinal(read) || read.finishedAt !== undefined) return read;
    // The job ended after its fields were read, and before its state was.
    const again = await find(id);
    return again && (await readJob(again));
  };
  const listJobs = async (limit: number, isShown: (job: Job) => boolean): Promise<readonly Job[]> => {
    const states = ["waiting", "active", "delayed", "prioritized", "completed", "failed"] as const;
    const found = await queue.getJobs([...states], 0, mostKept - 1);
    const jobs = await Promise.all(found.map(readJob));
    const newest = jobs.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
    return newest.filter(isShown).slice(0, limit);
  };
  const cancelJob = async (id: string): Promise<boolean> => {
    const job = await find(id);
    if (job === undefined || isFinal(await readJob(job))) return false;
    await job.updateData({ ...job.data, isCancelled: true });
    return true;
  };
  /** Fails a call that Redis does not answer in time, because a client waits for it. */
  const reached = async <T>(call: Promise<T>): Promise<T> => {
    try {
      return await Promise.race([call, wait(answerMs, undefined, { ref: false }).then(unreachable)]);
    } catch (error) {
      if (error instanceof Error && !(error instanceof RequestFault)) onError?.(error);
      throw error instanceof RequestFault ? error : notReached();
    }
  };
  const addJob = async ({ task, tenant }: NewJob): Promise<Job> => {
    const mark = markOf(tenant);
    const waiting = await queue.getRanges(["waiting"], 0, -1);
    const own = waiting.filter((id) => id.startsWith(mark));
    if (waiting.length >= mostWaiting.all) throw fullQueue();
    if (tenant !== undefined && own.length >= mostWaiting.ofTenant) throw fullQueue();
    const jobId = mark + randomUUID();
    const added = await queue.add(
      task.kind,
      { task, tenant },
      {
        jobId,
        attempts: mostAttempts,
        backoff: { type: "exponential", delay: 1000 },
        removeOnComplete: kept,
        removeOnFail: kept,
      },
    );
    return await readJob(added);
  };
  return {
    add: (job) => reached(addJob(job)),
    get: (id) => reached(getJob(id)),
    list: (limit, isShown = () => true) => reached(listJobs(limit, isShown)),
    cancel: (id) => reached(cancelJob(id)),
    pause: () => reached(queue.pause()),
    resume: () => reached(queue.resume()),
    isPaused: () => reached(queue.isPaused()),
    close: async () => {
      await Promise.race([queue.close(), wait(answerMs, undefined, { ref: false })]);
    },
  };
}

/** Returns the beginning of the ids of a tenant's jobs, by which they are counted without being read. */
function markOf(tenant: string | undefined): string {
  if (tenant === undefined) return "";
  return `${createHash("sha256").update(tenant).digest("hex").slice(0, 16)}-`;
}

function notReached(): RequestFault {
  const message = "the queue of jobs cannot be reached; ask again later";
  return new RequestFault(503, message, { code: "queue_unreachable", headers: { "retry-after": "10" } });
}

function unreachable(): never {
  throw notReached();
}
