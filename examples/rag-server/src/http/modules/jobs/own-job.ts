import type { FastifyRequest } from "fastify";
import type { Job } from "../../../jobs/job.ts";
import type { JobQueue } from "../../../jobs/job-queue.ts";
import { RequestFault } from "../../request-fault.ts";

/** Returns true if the caller may see a job: its tenant's, on collections that the key reaches. */
export function maySee({ principal }: Pick<FastifyRequest, "principal">, { tenant, task }: Job): boolean {
  if (principal.tenant !== undefined && principal.tenant !== tenant) return false;
  const into = task.kind === "reembed" ? (task.into ?? task.collection) : task.collection;
  return [task.collection, into].every((name) => principal.collections?.includes(name) !== false);
}

/** Returns a job, or throws 404 if the caller may not see it. */
export async function ownJob(
  queue: JobQueue,
  id: string,
  request: Pick<FastifyRequest, "principal">,
): Promise<Job> {
  const job = await queue.get(id);
  if (job !== undefined && maySee(request, job)) return job;
  throw new RequestFault(404, `there is no job "${id}"; finished jobs are kept for a day`);
}
