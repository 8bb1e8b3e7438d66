import { z } from "zod";
import { collectionField, collectionName, vectorId } from "../http/modules/shared/fields.ts";
import { newPoint } from "../http/modules/vectors/vector-schemas.ts";

/** Most points of one job. */
const maxPoints = 1000;

const ingest = z
  .strictObject({
    kind: z.literal("ingest"),
    collection: collectionField,
    points: z.array(z.strictObject({ ...newPoint, id: vectorId })).max(maxPoints),
  })
  .describe(
    "Embeds texts and stores them. Each point has an id, so that a repeated job makes no second point.",
  );

const reembed = z
  .strictObject({
    kind: z.literal("reembed"),
    collection: collectionField,
    into: collectionName.optional().describe("A collection to make for the new vectors. Default: in place."),
  })
  .describe("Embeds every text of a collection anew, for example after a change of the model.");

const snapshot = z
  .strictObject({ kind: z.literal("snapshot"), collection: collectionField })
  .describe("Copies a collection as it is at one moment.");

/** The work of a job. */
export const jobTask = z.discriminatedUnion("kind", [ingest, reembed, snapshot]);

/** The work of a job. */
export type JobTask = z.output<typeof jobTask>;
/** One kind of work. */
export type TaskOf<K extends JobTask["kind"]> = Extract<JobTask, { kind: K }>;

/** Drops the points of a task that is done, so that it takes little memory. */
export function withoutPoints(task: JobTask): JobTask {
  return task.kind === "ingest" ? { ...task, points: [] } : task;
}
