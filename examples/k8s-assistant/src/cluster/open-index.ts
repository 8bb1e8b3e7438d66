import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { ConfigurationError, type Embedder, type Manifest } from "@binnacle/core";
import type { Index } from "@binnacle/retriever";
import { SqliteStore } from "@binnacle/retriever/sqlite";
import type { CommonOptions } from "../cli/common-options.ts";
import { openClusterRecords, type ClusterRecord, type ClusterRecords } from "./cluster-record.ts";
import { contextName } from "./kubeconfig-context.ts";
import { embedderFromEnvironment } from "./model-servers.ts";
import { defineObjectIndex } from "./object-index.ts";

/** The open index of a data directory. */
export interface OpenIndex {
  readonly data: string;
  readonly cluster: string;
  readonly record: ClusterRecord | undefined;
  readonly records: ClusterRecords;
  readonly store: SqliteStore;
  readonly manifest: Manifest;
  readonly index: Index;
  readonly embedder: Embedder | undefined;
  close(): Promise<void>;
}

/** Options of {@link openIndex}. */
export interface OpenIndexOptions extends CommonOptions {
  /** True: a missing index is an error, and nothing is created. */
  readonly mustExist: boolean;
}

/** Opens the index of a cluster. */
export async function openIndex(options: OpenIndexOptions): Promise<OpenIndex> {
  const { data, mustExist } = options;
  const records = openClusterRecords(data);
  const cluster = await clusterNameOf(options, records);
  const record = await records.read(cluster);
  if (mustExist && (record === undefined || !existsSync(join(data, "index.sqlite"))))
    throw noIndex(cluster, data);
  await mkdir(data, { recursive: true });
  const embedder = embedderFromEnvironment(process.env);
  const index = await defineObjectIndex(embedder);
  const store = new SqliteStore({ path: join(data, "index.sqlite") });
  const close = async (): Promise<void> => {
    await Promise.all([store.close(), embedder?.close()]);
  };
  return { data, cluster, record, records, store, manifest: store.manifest, index, embedder, close };
}

/** Runs `body` with an open index, then always closes it. */
export async function withIndex<T>(
  options: OpenIndexOptions,
  body: (index: OpenIndex) => Promise<T>,
): Promise<T> {
  const open = await openIndex(options);
  try {
    return await body(open);
  } finally {
    await open.close();
  }
}

async function clusterNameOf(options: OpenIndexOptions, records: ClusterRecords): Promise<string> {
  if (options.cluster !== undefined) return options.cluster;
  // Without cluster and context the record decides, so that a question needs no kubeconfig.
  const known = options.mustExist && options.context === undefined ? await records.list() : [];
  if (known.length === 1) return known[0]?.cluster ?? "";
  if (known.length > 1)
    throw new ConfigurationError(
      `${options.data} holds ${known.map(({ cluster }) => cluster).join(", ")}. Name one with --cluster.`,
      { code: "which_cluster" },
    );
  return await contextName(options);
}

function noIndex(cluster: string, data: string): ConfigurationError {
  return new ConfigurationError(
    `There is no index of cluster "${cluster}" in ${data}. Run \`k8s-sync snapshot\` first, or correct --data and --cluster.`,
    { code: "no_index" },
  );
}
