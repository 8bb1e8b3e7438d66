import { Readable } from "node:stream";
import { z } from "zod";
import { watchJob, type JobQueue } from "../../../jobs/job-queue.ts";
import type { ApiApp, ApiParts } from "../shared/api-parts.ts";
import { failureReplies } from "../shared/replies.ts";
import { jobParams, jobView } from "./job-schemas.ts";
import { ownJob } from "./own-job.ts";

const eventText = z
  .unknown()
  .describe("Server-sent events `job` with the job, whenever it has changed, until its end.");
const events = { description: "Events.", content: { "text/event-stream": { schema: eventText } } };

/** Adds `GET /jobs/{id}/events`. */
export function addJobEvents(app: ApiApp, { running }: ApiParts, jobs: JobQueue): void {
  const schema = {
    summary: "Follow a job.",
    tags: ["jobs"],
    params: jobParams,
    response: { 200: events, ...failureReplies },
  };
  const config = { access: { permission: "SearchVectors", row: "Q55" } } as const;
  app.get("/jobs/:id/events", { schema, config }, async (request, reply) => {
    const { id } = await ownJob(jobs, request.params.id, request);
    const headers = { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" };
    return await reply.headers(headers).send(Readable.from(lines(jobs, id, running.signalOf(reply.raw))));
  });
}

async function* lines(jobs: JobQueue, id: string, signal: AbortSignal): AsyncGenerator<string> {
  try {
    for await (const job of watchJob(jobs, id, { signal }))
      yield `event: job\ndata: ${JSON.stringify(jobView(job))}\n\n`;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
