import { BinnacleError, type CallOptions } from "@binnacle/core";
import { z } from "zod";
import { collectionPath } from "../wire/collection-path.ts";
import { DENSE } from "../wire/payload-keys.ts";
import type { QdrantApi } from "../wire/qdrant-api.ts";
import { foreignCollection, noCollection } from "../wire/qdrant-error.ts";
import {
  collectionChanges,
  type QdrantCollectionChanges,
  type QdrantSettingChange,
} from "./collection-changes.ts";
import { readCollectionSettings, type QdrantSetting } from "./collection-settings.ts";
import { quantizationOf } from "./collection-options.ts";
import type { OpenCollections } from "./open-collections.ts";

/** The parts that {@link updateCollection} uses. */
export interface UpdateContext {
  readonly api: QdrantApi;
  readonly collections: OpenCollections;
  readonly call: CallOptions | undefined;
}

/**
 * Changes settings and returns what changed, as the server says afterwards. Qdrant ignores a setting that it
 * does not know or cannot change, and answers that it succeeded, so the settings are read back.
 */
export async function updateCollection(
  given: string,
  requested: QdrantCollectionChanges,
  { api, collections, call }: UpdateContext,
): Promise<readonly QdrantSettingChange[]> {
  const found = await collections.find(given, call);
  if (!found) throw noCollection(given);
  if (!found.stored) throw foreignCollection(given);
  const { name, stored } = found;
  const current = await readCollectionSettings(name, api, call);
  const changes = collectionChanges(requested, current, stored.spec);
  if (changes.length === 0) return changes;
  const json = updateBody(new Map(changes.map(({ setting, to }) => [setting, to])), requested);
  const request = { method: "PATCH", path: collectionPath(name), json, collection: name } as const;
  await api.result(request, z.literal(true), call);
  collections.forget(name);
  const after = await readCollectionSettings(name, api, call);
  const ignored = changes.filter(({ setting, to }) => (after.get(setting) ?? null) !== to);
  if (ignored.length === 0) return changes;
  const list = ignored.map(
    ({ setting, to }) => `${setting} (asked ${String(to)}, is ${String(after.get(setting))})`,
  );
  throw new BinnacleError(
    "not_applied",
    `collection "${name}": the server answered that it succeeded, but did not change ${list.join(", ")}. Check its version, and whether it knows the setting.`,
  );
}

/** The body with the changed settings only. */
function updateBody(
  changed: ReadonlyMap<string, QdrantSetting>,
  { strictMode }: QdrantCollectionChanges,
): Record<string, unknown> {
  const [m, construct] = [changed.get("hnsw.m"), changed.get("hnsw.efConstruct")];
  const onDisk = changed.has("originals") ? changed.get("originals") === "disk" : undefined;
  const isStrict = [...changed.keys()].some((path) => path.startsWith("strictMode."));
  return {
    ...((m ?? construct) !== undefined && { hnsw_config: { m, ef_construct: construct } }),
    ...((changed.has("quantization") || changed.has("quantile")) && {
      quantization_config: quantizationDiff(changed),
    }),
    ...(onDisk !== undefined && { vectors: { [DENSE]: { on_disk: onDisk } } }),
    ...((onDisk !== undefined || changed.has("replicas") || changed.has("writeConsistency")) && {
      params: {
        on_disk_payload: onDisk,
        replication_factor: changed.get("replicas"),
        write_consistency_factor: changed.get("writeConsistency"),
      },
    }),
    ...(isStrict && { strict_mode_config: { enabled: true, ...strictMode } }),
  };
}

function quantizationDiff(changed: ReadonlyMap<string, QdrantSetting>): unknown {
  const kind = changed.get("quantization") ?? "int8";
  const quantile = changed.get("quantile");
  if (kind === "none") return "Disabled";
  return quantizationOf(String(kind), typeof quantile === "number" ? quantile : undefined);
}
