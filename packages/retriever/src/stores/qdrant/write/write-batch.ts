import type { BinnacleError, CallOptions, Fence, Write, WriteEpochs, WriteResult } from "@binnacle/core";
import { pointId } from "@binnacle/core/kit";
import { sourceIssue, versionIssue, writeIssue } from "@binnacle/core/stores";
import type { OpenCollection } from "../collections/open-collections.ts";
import type { QdrantApi } from "../wire/qdrant-api.ts";
import { sendItems, type RequestBounds } from "./batch-writer.ts";
import {
  conflictOf,
  isConditional,
  needsLookAhead,
  readStates,
  segmentsOf,
  type PointState,
} from "./conditional-writes.ts";
import { epochStep, epochsBetween, type Sentinel } from "./epoch-chain.ts";
import type { Epochs } from "./epochs.ts";
import { writeItem, type WriteItem } from "./write-items.ts";

/** The parameters of {@link writeBatch}. */
export interface WriteContext {
  readonly api: QdrantApi;
  readonly collection: OpenCollection;
  readonly tenant: string | undefined;
  readonly epochs: Epochs;
  readonly bounds: RequestBounds;
  readonly fence: Fence | undefined;
  readonly call: CallOptions | undefined;
}

/** Applies a batch. The caller must prevent other writes of this store to the same epochs meanwhile. */
export async function writeBatch(batch: readonly Write[], context: WriteContext): Promise<WriteResult> {
  const { collection, tenant } = context;
  const failures = new Map<number, BinnacleError>();
  const items: WriteItem[] = [];
  for (const [position, write] of batch.entries()) {
    const issue = writeIssue(write, collection.spec);
    if (issue) failures.set(position, issue);
    else items.push(writeItem(position, write, tenant));
  }
  const epochs = await chained(context, async (run) => {
    for (const segment of segmentsOf(items)) await run(segment, failures);
  });
  return { failures, ...(epochs && { epochs }) };
}

type RunSegment = (items: readonly WriteItem[], failures: Map<number, BinnacleError>) => Promise<void>;

/** Runs requests whose epochs form one chain. */
async function chained(
  context: WriteContext,
  body: (run: RunSegment) => Promise<void>,
): Promise<WriteEpochs | undefined> {
  const { collection, epochs, fence } = context;
  const before = await epochs.known(context.call);
  let current: Sentinel = before;
  try {
    await body((items, failures) =>
      runSegment(items, failures, context, {
        nextStep: () => epochStep(epochs.id, current, fence?.sourceId),
        onApplied: ({ next }) => {
          current = next;
        },
      }),
    );
  } catch (error) {
    epochs.forget();
    throw error;
  }
  epochs.remember(current);
  if (!collection.hasEpochs) return undefined;
  return epochsBetween(collection.incarnation, before, current, fence?.sourceId);
}

type Chain = Pick<Parameters<typeof sendItems>[1], "nextStep" | "onApplied">;

async function runSegment(
  items: readonly WriteItem[],
  failures: Map<number, BinnacleError>,
  { api, collection, bounds, fence, call }: WriteContext,
  chain: Chain,
): Promise<void> {
  // The server does not compare sources and does not report a point's owner, so a fenced write reads it
  // first. The id of the indexer's upserts shows the owner, so a batch of them takes one request.
  const ahead = items.filter((item) => needsLookAhead(item.write) || (fence && !isIdOfSource(item, fence)));
  const before = await readStates(ahead, api, collection, call);
  const sent = items.filter((item) => {
    const issue = issueAhead(item, before.get(item.id), fence);
    if (issue) failures.set(item.position, issue);
    return !issue && !isDone(item.write);
  });
  for (const [position, error] of await sendItems(sent, { api, collection, bounds, call, ...chain }))
    failures.set(position, error);
  const conditional = sent.filter(({ write }) => isConditional(write));
  const after = await readStates(conditional, api, collection, call);
  for (const item of conditional) {
    const conflict = conflictOf(item, after);
    if (conflict) failures.set(item.position, conflict);
  }
}

/** Returns true if the id is made from the fence's source, so that no point of another source can have it. */
function isIdOfSource({ write, tenant }: WriteItem, { sourceId }: Fence): boolean {
  if (write.type !== "upsert") return false;
  const { documentId, slot } = write.chunk;
  return write.id === pointId({ tenant, sourceId, documentId, slot });
}

/** Returns the error of a write that must not be sent, judged by the state before it. */
function issueAhead(
  { write }: WriteItem,
  before: PointState | undefined,
  fence: Fence | undefined,
): BinnacleError | undefined {
  const issue = sourceIssue(write, fence, before?.sourceId);
  return issue ?? (needsLookAhead(write) ? versionIssue(write, before?.version ?? 0) : undefined);
}

/** Returns true if nothing remains to do, because the point is known to be missing. */
function isDone(write: Write): boolean {
  return needsLookAhead(write) && write.ifVersion === 0;
}
