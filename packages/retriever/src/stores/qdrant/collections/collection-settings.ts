import type { CallOptions } from "@binnacle/core";
import { z } from "zod";
import { collectionPath } from "../wire/collection-path.ts";
import { DENSE } from "../wire/payload-keys.ts";
import type { QdrantApi } from "../wire/qdrant-api.ts";

const optionalNumber = z.number().nullish();

const schema = z.object({
  config: z.object({
    params: z.object({
      vectors: z.record(z.string(), z.object({ on_disk: z.boolean().nullish() })).nullish(),
      shard_number: optionalNumber,
      replication_factor: optionalNumber,
      write_consistency_factor: optionalNumber,
    }),
    hnsw_config: z.object({ m: z.number(), ef_construct: z.number() }),
    quantization_config: z
      .object({
        scalar: z.object({ quantile: optionalNumber }).optional(),
        binary: z.unknown().optional(),
        product: z.unknown().optional(),
      })
      .nullish(),
    strict_mode_config: z.record(z.string(), z.unknown()).nullish(),
  }),
});

/** A setting as it is compared and reported. */
export type QdrantSetting = string | number | boolean | null;

/** The settings of a collection by the path of their option, such as `hnsw.m`. */
export type SettingsByPath = ReadonlyMap<string, QdrantSetting>;

/** Reads what the server says about a collection's settings. */
export async function readCollectionSettings(
  name: string,
  api: QdrantApi,
  options: CallOptions | undefined,
): Promise<SettingsByPath> {
  const request = { path: collectionPath(name), collection: name };
  const { config } = await api.result(request, schema, options);
  const { params, hnsw_config: hnsw, quantization_config: quantization } = config;
  const strict = Object.entries(config.strict_mode_config ?? {}).map(
    ([key, value]): [string, QdrantSetting] => [`strictMode.${key}`, plainSetting(value)],
  );
  return new Map<string, QdrantSetting>([
    ["hnsw.m", hnsw.m],
    ["hnsw.efConstruct", hnsw.ef_construct],
    ["quantization", kindOf(quantization)],
    ["quantile", quantization?.scalar?.quantile ?? null],
    ["originals", params.vectors?.[DENSE]?.on_disk === true ? "disk" : "memory"],
    ["shards", params.shard_number ?? null],
    ["replicas", params.replication_factor ?? 1],
    ["writeConsistency", params.write_consistency_factor ?? 1],
    ...strict,
  ]);
}

/** A value that is no plain setting is compared by its JSON. */
export function plainSetting(value: unknown): QdrantSetting {
  const isPlain = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  return isPlain ? value : value === null || value === undefined ? null : JSON.stringify(value);
}

function kindOf(quantization: z.output<typeof schema>["config"]["quantization_config"]): string {
  if (!quantization) return "none";
  if (quantization.scalar) return "int8";
  if (quantization.binary !== undefined) return "binary";
  return quantization.product === undefined ? "other" : "product";
}
