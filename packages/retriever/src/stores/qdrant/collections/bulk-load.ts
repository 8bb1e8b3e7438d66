import { BinnacleError, type CallOptions } from "@binnacle/core";
import { sleep } from "@binnacle/core/kit";
import { z } from "zod";
import { collectionPath } from "../wire/collection-path.ts";
import type { QdrantApi } from "../wire/qdrant-api.ts";
import { foreignCollection, noCollection } from "../wire/qdrant-error.ts";
import type { OpenCollections } from "./open-collections.ts";

/** Qdrant's own default, for a server that does not return its setting. */
const DEFAULT_THRESHOLD = 10_000;
/** Key of the threshold to restore. It is kept in the collection itself, so that a crash does not lose it. */
const RESTORED = "binnacle.indexing_threshold";
const POLL_MS = 250;

/** The parameters of {@link bulkLoad}. */
export interface BulkLoadContext {
  readonly api: QdrantApi;
  readonly collections: OpenCollections;
  readonly call: CallOptions | undefined;
}

/** Runs `load` without indexing, restores the setting, and waits until the index is built. */
export async function bulkLoad<T>(
  given: string,
  load: () => Promise<T>,
  context: BulkLoadContext,
): Promise<T> {
  const { name, threshold } = await thresholdOf(given, context);
  let result: T;
  try {
    await setThreshold(name, 0, threshold, context);
    result = await load();
  } catch (error) {
    await restore(name, threshold, context, error);
    throw error;
  }
  await restore(name, threshold, context, undefined);
  await whenIndexed(name, context);
  return result;
}

/** Returns the threshold to restore: that of an interrupted bulk load, or the current one. */
async function thresholdOf(
  given: string,
  { collections, call }: BulkLoadContext,
): Promise<{ readonly name: string; readonly threshold: number }> {
  const found = await collections.find(given, call);
  if (!found) throw noCollection(given);
  if (!found.stored) throw foreignCollection(given);
  const { metadata, optimizer_config: optimizer } = found.description.config;
  const kept = z.object({ [RESTORED]: z.number() }).safeParse(metadata);
  const threshold = kept.data?.[RESTORED] ?? optimizer?.indexing_threshold ?? DEFAULT_THRESHOLD;
  return { name: found.name, threshold };
}

/** Restores the setting, even if the caller has aborted. */
async function restore(
  name: string,
  threshold: number,
  { api, collections }: BulkLoadContext,
  loadFailure: unknown,
): Promise<void> {
  try {
    await setThreshold(name, threshold, null, { api, collections, call: undefined });
  } catch (error) {
    const failed = loadFailure instanceof Error ? `, after the load failed: ${String(loadFailure)}` : "";
    throw new BinnacleError(
      "not_restored",
      `Collection "${name}" is still not indexed, because its indexing threshold could not be set back to ${threshold}${failed}. Run bulkLoad again.`,
      { cause: error },
    );
  }
}

async function setThreshold(
  name: string,
  threshold: number,
  restored: number | null,
  { api, call }: BulkLoadContext,
): Promise<void> {
  const json = {
    optimizers_config: { indexing_threshold: threshold },
    metadata: { [RESTORED]: restored },
  };
  const request = { method: "PATCH", path: collectionPath(name), json, collection: name } as const;
  await api.result(request, z.literal(true), call);
}

async function whenIndexed(name: string, { collections, call }: BulkLoadContext): Promise<void> {
  for (;;) {
    const described = await collections.describe(name, call);
    if (!described) throw noCollection(name);
    if (described.status === "red")
      throw new BinnacleError(
        "optimization_failed",
        `Collection "${name}": the server could not build its index. See the server's log.`,
      );
    if (described.status !== "yellow") return;
    await sleep(POLL_MS, { signal: call?.signal });
  }
}
