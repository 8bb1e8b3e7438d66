import type { FastifyRequest } from "fastify";
import type { Permission } from "../../../guard/permissions.ts";
import type { JobQueue } from "../../../jobs/job-queue.ts";
import type { JobTask } from "../../../jobs/job-task.ts";
import type { ApiApp, ApiParts } from "../shared/api-parts.ts";
import { callsOf } from "../shared/calls.ts";
import { openCollection, requireName, visibleCollection } from "../shared/open-collection.ts";
import { failureReplies } from "../shared/replies.ts";
import { requirePermissions } from "../shared/require-permissions.ts";
import { RequestFault } from "../../request-fault.ts";
import {
  cancelReply,
  jobParams,
  jobReply,
  jobRequest,
  jobsQuery,
  jobsReply,
  jobView,
  pausedReply,
} from "./job-schemas.ts";
import { maySee, ownJob } from "./own-job.ts";

const tags = ["jobs"];
const maxBytes = 8 * 1024 * 1024;
const needed = {
  ingest: "InsertVectors",
  reembed: "ManageCollections",
  snapshot: "CreateSnapshots",
} as const satisfies Record<JobTask["kind"], Permission>;

/** Adds `POST /jobs`. */
export function addJob(app: ApiApp, { store, running }: ApiParts, jobs: JobQueue): void {
  const schema = {
    summary: "Start a job that outlives the request.",
    description:
      "An ingest needs the permission InsertVectors, a re-embedding ManageCollections, a snapshot CreateSnapshots.",
    tags,
    body: jobRequest,
    response: { 202: jobReply, ...failureReplies },
  };
  const config = { access: { permission: "SearchVectors", row: "Q55", isAudited: true } } as const;
  app.post("/jobs", { schema, config, bodyLimit: maxBytes }, async (request, reply) => {
    const task = request.body;
    requirePermissions(request.principal, [needed[task.kind]]);
    requireOperator(request, task);
    const { store: options } = callsOf(request, reply, running);
    if (task.kind === "reembed" && task.into !== undefined) requireName(request.principal, task.into);
    // A snapshot holds the points of all tenants, so it belongs to none.
    const open = task.kind === "snapshot" ? visibleCollection : openCollection;
    const opened = await open(store, task.collection, { request, options });
    const job = await jobs.add({ task, tenant: "tenant" in opened ? opened.tenant : undefined });
    return await reply.status(202).header("location", `/api/v1/jobs/${job.id}`).send(jobView(job));
  });
}

/** A snapshot and a re-embedding into another collection touch what all tenants share. */
function requireOperator({ principal }: FastifyRequest, task: JobTask): void {
  const isShared = task.kind === "snapshot" || (task.kind === "reembed" && task.into !== undefined);
  if (isShared && principal.tenant !== undefined)
    throw new RequestFault(403, `a job of kind ${task.kind} touches what all tenants share`);
}

/** Adds `GET /jobs` and `GET /jobs/{id}`. */
export function addJobReads(app: ApiApp, jobs: JobQueue): void {
  const config = { access: { permission: "SearchVectors", row: "Q55" } } as const;
  const all = { summary: "List jobs, the newest first.", tags, querystring: jobsQuery };
  app.get(
    "/jobs",
    { schema: { ...all, response: { 200: jobsReply, ...failureReplies } }, config },
    async (request) => {
      const own = await jobs.list(request.query.limit, (job) => maySee(request, job));
      return { jobs: own.map(jobView), paused: await jobs.isPaused() };
    },
  );
  const one = { summary: "Read a job.", tags, params: jobParams };
  app.get(
    "/jobs/:id",
    { schema: { ...one, response: { 200: jobReply, ...failureReplies } }, config },
    async (request) => jobView(await ownJob(jobs, request.params.id, request)),
  );
}

/** Adds `DELETE /jobs/{id}`, which cancels a job. */
export function addJobCancel(app: ApiApp, jobs: JobQueue): void {
  const schema = {
    summary: "Cancel a job. What it has written stays.",
    tags,
    params: jobParams,
    response: { 200: cancelReply, ...failureReplies },
  };
  const config = { access: { permission: "InsertVectors", row: "Q55", isAudited: true } } as const;
  app.delete("/jobs/:id", { schema, config }, async (request) => {
    const { id, task } = await ownJob(jobs, request.params.id, request);
    requirePermissions(request.principal, [needed[task.kind]]);
    return { id, cancelled: await jobs.cancel(id) };
  });
}

/** Adds `POST /jobs/pause` and `POST /jobs/resume`. */
export function addJobPause(app: ApiApp, jobs: JobQueue): void {
  const access = { permission: "AdministerSystem", row: "Q55", operatorOnly: true, isAudited: true } as const;
  const response = { 200: pausedReply, ...failureReplies };
  const pause = { summary: "Begin no further job. Running jobs go on.", tags, response };
  app.post("/jobs/pause", { schema: pause, config: { access } }, async () => {
    await jobs.pause();
    return { paused: await jobs.isPaused() };
  });
  const resume = { summary: "Begin jobs again.", tags, response };
  app.post("/jobs/resume", { schema: resume, config: { access } }, async () => {
    await jobs.resume();
    return { paused: await jobs.isPaused() };
  });
}
