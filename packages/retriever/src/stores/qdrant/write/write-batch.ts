import type { BinnacleError, CallOptions, Fence, Write, WriteEpochs, WriteResult } from "@binnacle/core";
import { versionIssue, writeIssue } from "@binnacle/core/stores";
import type { OpenCollection } from "../collections/open-collections.ts";
import type { QdrantApi } from "../wire/qdrant-api.ts";
import { sendItems, type RequestBounds } from "./batch-writer.ts";
import { conflictOf, isConditional, needsLookAhead, readVersions, segmentsOf } from "./conditional-writes.ts";
import { epochStep, epochsBetween, type Sentinel } from "./epoch-chain.ts";
import type { Epochs } from "./epochs.ts";
import { writeItem, type WriteItem } from "./write-items.ts";

/** What one call of `write` needs. */
export interface WriteContext {
  readonly api: QdrantApi;
  readonly collection: OpenCollection;
  readonly tenant: string | undefined;
  readonly epochs: Epochs;
  readonly bounds: RequestBounds;
  readonly fence: Fence | undefined;
  readonly call: CallOptions | undefined;
}

/** Applies a batch. The caller sees to it that no other write of this store to the same epochs runs meanwhile. */
export async function writeBatch(batch: readonly Write[], context: WriteContext): Promise<WriteResult> {
  const { collection, tenant } = context;
  const failures = new Map<number, BinnacleError>();
  const items = batch.flatMap((write, position): readonly WriteItem[] => {
    const issue = writeIssue(write, collection.spec);
    if (issue) failures.set(position, issue);
    return issue ? [] : [writeItem(position, write, tenant)];
  });
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
  { api, collection, bounds, call }: WriteContext,
  chain: Chain,
): Promise<void> {
  const ahead = items.filter(({ write }) => needsLookAhead(write));
  const before = await readVersions(ahead, api, collection, call);
  const refused = new Set<WriteItem>();
  for (const item of ahead) {
    const issue = versionIssue(item.write, before.get(item.id) ?? 0);
    if (issue) failures.set(item.position, issue);
    // Nothing is left to do for a point that was to be missing and is.
    if (issue || item.write.ifVersion === 0) refused.add(item);
  }
  const sent = items.filter((item) => !refused.has(item));
  for (const [position, error] of await sendItems(sent, { api, collection, bounds, call, ...chain }))
    failures.set(position, error);
  const conditional = sent.filter(({ write }) => isConditional(write));
  const after = await readVersions(conditional, api, collection, call);
  for (const item of conditional) {
    const conflict = conflictOf(item, after);
    if (conflict) failures.set(item.position, conflict);
  }
}
