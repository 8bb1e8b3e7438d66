import { setImmediate } from "node:timers/promises";
import { BinnacleError, type CallOptions } from "@binnacle/core";
import { parseResponse } from "@binnacle/core/kit";
import { z } from "zod";
import type { OpenCollection } from "../collections/open-collections.ts";
import { collectionPath } from "../wire/collection-path.ts";
import type { QdrantApi } from "../wire/qdrant-api.ts";
import { Float32Json } from "../wire/float32-json.ts";
import { missingPoint, passesInParts } from "../wire/qdrant-error.ts";
import type { EpochStep } from "./epoch-chain.ts";
import { writeBody } from "./write-body.ts";
import { encodedItem, type EncodedItem, type WriteItem } from "./write-items.ts";

/** The bounds of one request. */
export interface RequestBounds {
  readonly maxBytes: number;
  readonly maxWrites: number;
}

/** The parameters of {@link sendItems}. */
export interface BatchWriterOptions {
  readonly api: QdrantApi;
  readonly collection: OpenCollection;
  readonly bounds: RequestBounds;
  /** Creates the tokens of one request. */
  readonly nextStep: () => EpochStep;
  /** Called after each request that the server confirmed. */
  readonly onApplied: (step: EpochStep) => void;
  readonly call: CallOptions | undefined;
}

/** Writes that are encoded before other work may run. A vector of 1,536 numbers takes about 0.15 ms. */
const writesPerTurn = 64;

// An answer without a status confirms nothing.
const schema = z.array(z.object({ status: z.string() })).min(1);

/** Sends writes in order, in requests within the bounds. Returns the errors of patches without a point, by
 * position. */
export async function sendItems(
  items: readonly WriteItem[],
  options: BatchWriterOptions,
): Promise<ReadonlyMap<number, BinnacleError>> {
  const failures = new Map<number, BinnacleError>();
  for await (const part of partsOf(items, options)) await sendPart(part, options, failures);
  return failures;
}

/** Sends one request. Repeats it without a patch whose point is missing, and in halves if the whole is too
 * large. */
async function sendPart(
  part: readonly EncodedItem[],
  options: BatchWriterOptions,
  failures: Map<number, BinnacleError>,
): Promise<void> {
  const step = options.nextStep();
  let left = part;
  for (;;) {
    try {
      await send(left, step, options);
      return options.onApplied(step);
    } catch (error) {
      const at = missingAt(left, error);
      const missing = left[at];
      if (missing) {
        const message = `Point ${missing.write.id} does not exist, so it cannot be patched. Upsert it.`;
        failures.set(missing.position, new BinnacleError("not_found", message));
        // The server applied the operations before it, but not those after it.
        left = left.slice(at + 1);
        continue;
      }
      if (left.length < 2 || !passesInParts(error)) throw error;
      const half = Math.ceil(left.length / 2);
      // Each half changes the epoch. Otherwise a reader between them would take the first half for the whole.
      await sendPart(left.slice(0, half), options, failures);
      return sendPart(left.slice(half), options, failures);
    }
  }
}

async function send(
  items: readonly EncodedItem[],
  step: EpochStep,
  { api, collection, call }: BatchWriterOptions,
): Promise<void> {
  const { name } = collection.spec;
  const request = {
    method: "POST",
    path: collectionPath(name, "/points/batch"),
    // Without an order, two writers can leave different copies of a point.
    query: { wait: true, ordering: collection.replicated ? "strong" : undefined },
    body: writeBody(items, step),
    collection: name,
  } as const;
  await api.answer(request, (value) => confirm(value, name), call);
}

/** Throws unless the server has applied every operation. `wait_timeout` also has status 200. */
export function confirm(value: unknown, name: string): void {
  const { result } = parseResponse("points/batch", z.object({ result: schema }), value);
  const waiting = result.find(({ status }) => status !== "completed");
  if (!waiting) return;
  throw new BinnacleError(
    "not_confirmed",
    `Collection "${name}": the server answered "${waiting.status}" instead of "completed", so the write may still be waiting. Repeat the same write.`,
    { retryable: true },
  );
}

function missingAt(items: readonly EncodedItem[], error: unknown): number {
  const id = missingPoint(error);
  if (id === undefined) return -1;
  return items.findIndex(({ id: own, write }) => own === id && write.type === "patch");
}

/** Encodes the writes of one request at a time, so that a large batch is never in memory twice. */
async function* partsOf(
  items: readonly WriteItem[],
  { bounds: { maxBytes, maxWrites }, collection }: BatchWriterOptions,
): AsyncGenerator<EncodedItem[]> {
  let part: EncodedItem[] = [];
  let bytes = 0;
  const numbers = new Float32Json();
  for (const [position, item] of items.entries()) {
    if (position % writesPerTurn === writesPerTurn - 1) await setImmediate();
    const encoded = encodedItem(item, collection, numbers);
    const size = encoded.json.length + 1;
    if (part.length > 0 && (bytes + size > maxBytes || part.length >= maxWrites)) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(encoded);
    bytes += size;
  }
  if (part.length > 0) yield part;
}
