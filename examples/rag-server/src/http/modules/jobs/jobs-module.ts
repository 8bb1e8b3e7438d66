import type { ApiModule } from "../shared/api-parts.ts";
import { addJobEvents } from "./job-events.ts";
import { addJob, addJobCancel, addJobPause, addJobReads } from "./job-routes.ts";

/** The routes that start, follow and cancel jobs. Without a queue it has none. */
export const jobsModule: ApiModule = async (app, { parts }) => {
  if (parts.jobs === undefined) return;
  addJob(app, parts, parts.jobs);
  addJobReads(app, parts.jobs);
  addJobCancel(app, parts.jobs);
  addJobPause(app, parts.jobs);
  addJobEvents(app, parts, parts.jobs);
};
