import { BinnacleError, type CallOptions } from "@binnacle/core";
import { parseResponse } from "@binnacle/core/kit";
import { z } from "zod";
import type { OpenCollection } from "../collections/open-collections.ts";
import { collectionPath } from "../wire/collection-path.ts";
import type { QdrantApi } from "../wire/qdrant-api.ts";
import { missingPoint, passesInParts } from "../wire/qdrant-error.ts";
import type { EpochStep } from "./epoch-chain.ts";
import { writeBody } from "./write-body.ts";
import type { WriteItem } from "./write-items.ts";

/** Most that one request holds. */
export interface RequestBounds {
  readonly maxBytes: number;
  readonly maxWrites: number;
}

/** What a batch writer needs. */
export interface BatchWriterOptions {
  readonly api: QdrantApi;
  readonly collection: OpenCollection;
  readonly bounds: RequestBounds;
  /** Draws the tokens of one request. */
  readonly nextStep: () => EpochStep;
  /** Called with the items that were applied, as far as the server's answer tells. */
  readonly onApplied: (step: EpochStep) => void;
  readonly call: CallOptions | undefined;
}

const schema = z.array(z.object({ status: z.string() }));

/** Sends writes in order, in requests within bounds. Returns why patches found no point, by position. */
export async function sendItems(
  items: readonly WriteItem[],
  options: BatchWriterOptions,
): Promise<ReadonlyMap<number, BinnacleError>> {
  const failures = new Map<number, BinnacleError>();
  for (const part of partsOf(items, options.bounds)) {
    const step = options.nextStep();
    await sendPart(part, step, options, failures);
    options.onApplied(step);
  }
  return failures;
}

/** One request; again without a patch whose point is missing, and in halves where the whole is too much. */
async function sendPart(
  part: readonly WriteItem[],
  step: EpochStep,
  options: BatchWriterOptions,
  failures: Map<number, BinnacleError>,
): Promise<void> {
  let left = part;
  for (;;) {
    try {
      return await send(left, step, options);
    } catch (error) {
      const at = missingAt(left, error);
      const missing = left[at];
      if (missing) {
        const message = `there is no point ${missing.write.id} to patch`;
        failures.set(missing.position, new BinnacleError("not_found", message));
        // The operations before it were applied and those after it were not.
        left = left.slice(at + 1);
        continue;
      }
      if (left.length < 2 || !passesInParts(error)) throw error;
      const half = Math.ceil(left.length / 2);
      await sendPart(left.slice(0, half), step, options, failures);
      left = left.slice(half);
    }
  }
}

async function send(
  items: readonly WriteItem[],
  step: EpochStep,
  { api, collection, call }: BatchWriterOptions,
): Promise<void> {
  const { name } = collection.spec;
  const request = {
    method: "POST",
    path: collectionPath(name, "/points/batch"),
    // Without an order, two writers can leave the copies of a point different.
    query: { wait: true, ordering: collection.replicated ? "strong" : undefined },
    body: writeBody(items, step),
    collection: name,
  } as const;
  await api.answer(request, (value) => confirm(value, name), call);
}

/** Throws unless the server has applied every operation: `wait_timeout` comes with status 200 too. */
export function confirm(value: unknown, name: string): void {
  const { result } = parseResponse("points/batch", z.object({ result: schema }), value);
  const waiting = result.find(({ status }) => status !== "completed");
  if (!waiting) return;
  throw new BinnacleError(
    "not_confirmed",
    `collection "${name}": the server answered "${waiting.status}" instead of "completed", so the write may still be waiting; write the same again`,
    { retryable: true },
  );
}

function missingAt(items: readonly WriteItem[], error: unknown): number {
  const id = missingPoint(error);
  if (id === undefined) return -1;
  return items.findIndex(({ id: own, write }) => own === id && write.type === "patch");
}

function* partsOf(
  items: readonly WriteItem[],
  { maxBytes, maxWrites }: RequestBounds,
): Generator<WriteItem[]> {
  let part: WriteItem[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = Buffer.byteLength(item.json) + 1;
    if (part.length > 0 && (bytes + size > maxBytes || part.length >= maxWrites)) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(item);
    bytes += size;
  }
  if (part.length > 0) yield part;
}
