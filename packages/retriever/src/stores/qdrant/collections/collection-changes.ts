import { ConfigurationError, type CollectionSpec, type ConfigurationIssue } from "@binnacle/core";
import { parseOptions } from "@binnacle/core/kit";
import type { ResolvedSpec } from "@binnacle/core/stores";
import { z } from "zod";
import type { QdrantCollectionOptions } from "./collection-options.ts";
import { plainSetting, type QdrantSetting, type SettingsByPath } from "./collection-settings.ts";

/**
 * Settings that {@link QdrantStore.updateCollection} is asked for. Settings that are omitted stay as they
 * are. A part of the spec, or `shards`, may be given with its present value only.
 */
export interface QdrantCollectionChanges
  extends
    Omit<QdrantCollectionOptions, "oversampling">,
    Partial<Pick<CollectionSpec, "dense" | "sparse" | "tenancy">> {}

/** One changed setting. */
export interface QdrantSettingChange {
  /** The option's path, such as `hnsw.m` or `strictMode.max_query_limit`. */
  readonly setting: string;
  /** The value before. Null if the server had none. */
  readonly from: QdrantSetting;
  readonly to: QdrantSetting;
}

const schema = z.strictObject({
  hnsw: z
    .strictObject({
      m: z.int().min(4).max(10_000).optional(),
      efConstruct: z.int().min(4).optional(),
    })
    .optional(),
  quantization: z.enum(["int8", "binary", "product", "none"]).optional(),
  quantile: z.number().min(0.5).max(1).optional(),
  originals: z.enum(["disk", "memory"]).optional(),
  shards: z.int().positive().optional(),
  replicas: z.int().positive().optional(),
  writeConsistency: z.int().positive().optional(),
  strictMode: z.record(z.string(), z.unknown()).optional(),
  dense: z
    .strictObject({
      spaceId: z.string().optional(),
      dimensions: z.int().positive().optional(),
      metric: z.enum(["cosine", "dot", "euclid"]).optional(),
    })
    .optional(),
  sparse: z
    .strictObject({
      encoderId: z.string().optional(),
      idf: z.enum(["bm25", "none"]).optional(),
      idfScope: z.enum(["tenant", "collection"]).optional(),
    })
    .optional(),
  tenancy: z.enum(["none", "required"]).optional(),
});

/**
 * Compares the requested settings with those of the collection and returns the differences. Throws a
 * `ConfigurationError` with code `cannot_change` that lists every setting that the server cannot change.
 */
export function collectionChanges(
  requested: QdrantCollectionChanges,
  current: SettingsByPath,
  spec: ResolvedSpec,
): readonly QdrantSettingChange[] {
  const { dense, sparse, tenancy, ...settings } = parseOptions("updateCollection", schema, requested);
  const asked = [...pathsOf(settings)];
  const changes = asked.flatMap(([setting, to]) => {
    const from = current.get(setting) ?? null;
    return from === to ? [] : [{ setting, from, to }];
  });
  const fixed = [...pathsOf({ dense, sparse, tenancy })].flatMap(([setting, to]) => {
    const from = plainSetting(valueAt(spec, setting));
    return from === to ? [] : [{ setting, from, to }];
  });
  const issues = [
    ...fixed.map(fixedIssue),
    ...changes.flatMap((change) => issuesOf(change, changes, current, spec)),
  ];
  if (issues.length === 0) return changes;
  const list = issues.map(({ path, message }) => `${path}: ${message}`).join("; ");
  throw new ConfigurationError(`updateCollection: collection "${spec.name}": ${list}`, {
    code: "cannot_change",
    issues,
  });
}

function fixedIssue({ setting, from, to }: QdrantSettingChange): ConfigurationIssue {
  return {
    path: setting,
    message: `cannot change from ${String(from)} to ${String(to)}, because every stored point depends on it. Fill a new collection with reindex.`,
  };
}

function issuesOf(
  { setting, from, to }: QdrantSettingChange,
  changes: readonly QdrantSettingChange[],
  current: SettingsByPath,
  { dense }: ResolvedSpec,
): readonly ConfigurationIssue[] {
  const after = (path: string): QdrantSetting =>
    changes.find((change) => change.setting === path)?.to ?? current.get(path) ?? null;
  const issue = (message: string): readonly ConfigurationIssue[] => [{ path: setting, message }];
  if (setting === "shards")
    return issue(
      `cannot change from ${String(from)} to ${String(to)}, because Qdrant fixes it at creation. Set collections.shards, and fill a new collection with reindex.`,
    );
  if (!dense && /^(hnsw|quantiz|quantile|originals)/.test(setting))
    return issue("the collection has no dense vectors");
  if (setting === "quantile" && after("quantization") !== "int8")
    return issue('belongs to quantization "int8". Pass that too, or omit quantile.');
  if (setting === "writeConsistency" && Number(to) > Number(after("replicas")))
    return issue(`must not be above replicas (${String(after("replicas"))}), got ${String(to)}`);
  if (setting === "replicas" && Number(to) < Number(after("writeConsistency")))
    return issue(
      `must not be below writeConsistency (${String(after("writeConsistency"))}), got ${String(to)}. Pass a lower writeConsistency too.`,
    );
  return [];
}

/** The settings of an object by path, without those that are undefined. */
function* pathsOf(value: object, prefix = ""): Generator<readonly [string, QdrantSetting], void, void> {
  for (const [key, inner] of Object.entries(value)) {
    const path = prefix + key;
    const isGroup = ["hnsw", "strictMode", "dense", "sparse"].includes(path);
    if (inner === undefined) continue;
    if (isGroup && typeof inner === "object" && inner !== null) yield* pathsOf(inner, `${path}.`);
    else yield [path, plainSetting(inner)];
  }
}

function valueAt(spec: object, path: string): unknown {
  let value: unknown = spec;
  for (const key of path.split("."))
    value = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
  return value;
}
