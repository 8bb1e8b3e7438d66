import { BinnacleError, type CollectionInfo, type StoredPoint, type Upsert } from "@binnacle/core";
import { embedTexts } from "../../http/modules/shared/embed-texts.ts";
import { publicId } from "../../http/modules/shared/point-names.ts";
import type { JobResult } from "../job.ts";
import type { TaskOf } from "../job-task.ts";
import type { JobRun } from "../run-task.ts";
import { openTarget } from "./open-target.ts";
import { createWriteResults, type MadeWrite } from "./write-results.ts";

const batchSize = 32;

/** Embeds every text of a collection anew, in place or into a collection of its own. */
export async function reembedCollection(
  { collection, into = collection }: TaskOf<"reembed">,
  run: JobRun,
): Promise<JobResult> {
  const isInPlace = into === collection;
  const source = await openTarget(collection, run);
  if (!isInPlace) await run.store.ensureCollection(await specFor(into, source.info, run), run.call);
  const target = await openTarget(into, run);
  const results = createWriteResults(target.points, run);
  const total = await source.points.count(undefined, run.call);
  let done = 0;
  const flush = async (batch: readonly StoredPoint[]): Promise<void> => {
    await run.report({ done, total });
    await results.write(await newPoints(batch, { info: target.info, isInPlace }, run), { isInPlace });
    done += batch.length;
  };
  let batch: StoredPoint[] = [];
  for await (const point of source.points.scan({ ...run.call, pageSize: 256 })) {
    batch.push(point);
    if (batch.length < batchSize) continue;
    await flush(batch);
    batch = [];
  }
  if (batch.length > 0) await flush(batch);
  await run.report({ done: total, total });
  return results.result();
}

/** The definition of the new collection: the old one with the space of the server's embedder. */
async function specFor(
  name: string,
  { dense, sparse, fields, tenancy }: CollectionInfo,
  { embedder, sparse: encoder, call }: JobRun,
): Promise<Parameters<JobRun["store"]["ensureCollection"]>[0]> {
  if (embedder === undefined)
    throw new BinnacleError("no_embedder", "this server has no embedder; set BINNACLE_EMBED_URL");
  const { space } = await embedder.describe(call);
  const { id: spaceId, dimensions } = space;
  return {
    name,
    fields,
    tenancy,
    dense: { metric: dense?.metric, spaceId, dimensions },
    ...(sparse && { sparse: { ...sparse, encoderId: encoder?.id ?? sparse.encoderId } }),
  };
}

async function newPoints(
  batch: readonly StoredPoint[],
  { info, isInPlace }: { readonly info: CollectionInfo; readonly isInPlace: boolean },
  { embedder, sparse, call }: JobRun,
): Promise<readonly MadeWrite[]> {
  const texts = batch.map(({ chunk }) =>
    [chunk.context, chunk.text].filter((part) => part !== "").join("\n"),
  );
  const [dense, terms] = await Promise.all([
    embedTexts({ texts, role: "document", embedder, info }, call),
    info.sparse && sparse?.encode(texts, { ...call, role: "document" }),
  ]);
  return batch.map((point, i): MadeWrite => {
    const vector = dense[i];
    const id = publicId(point);
    if (point.chunk.imageHash !== undefined) return { id, write: notStored(point) };
    if (vector === undefined || BinnacleError.isInstance(vector))
      return { id, write: vector ?? new BinnacleError("invalid_response", "the embedder left a text out") };
    const write: Upsert = {
      type: "upsert",
      id: point.id,
      chunk: { ...point.chunk, spaceId: info.dense?.spaceId },
      metadata: point.metadata,
      dense: vector,
      ...(isInPlace && { ifVersion: point.version }),
      ...(terms?.[i] && { sparse: terms[i] }),
    };
    return { id, write };
  });
}

/** A point holds no image, so its text alone would give it another meaning. */
function notStored({ chunk }: StoredPoint): BinnacleError {
  const message = `the vector of "${chunk.documentId}" is one of an image, which no collection stores; ingest its folder again`;
  return new BinnacleError("image_not_stored", message);
}
