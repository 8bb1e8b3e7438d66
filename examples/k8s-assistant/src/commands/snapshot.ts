import { createKubernetesSource } from "@binnacle/k8s-sync";
import { createIndexer, type IndexReport } from "@binnacle/retriever";
import type { CommonOptions } from "../cli/common-options.ts";
import { createIndexingBar } from "../cli/indexing-bar.ts";
import { exitStatus } from "../cli/exit-status.ts";
import type { Terminal } from "../cli/terminal.ts";
import { openClusterRecords, type ClusterRecord, type ScopeRecord } from "../cluster/cluster-record.ts";
import { withCluster, type Connection } from "../cluster/connect.ts";
import { contextName } from "../cluster/kubeconfig-context.ts";
import { openHistory } from "../cluster/object-history.ts";
import { withIndex, type OpenIndex } from "../cluster/open-index.ts";
import { scopesOfSource } from "../cluster/scope-records.ts";
import { selectionOf, type SelectionOptions } from "../cluster/source-options.ts";

/** Options of `snapshot` and `watch`. */
export interface SnapshotOptions extends CommonOptions, SelectionOptions {
  readonly allowMassDelete: boolean;
}

/** Lists the cluster once and makes the index equal to it. */
export async function snapshot(options: SnapshotOptions, terminal: Terminal): Promise<number> {
  const cluster = options.cluster ?? (await contextName(options));
  const records = openClusterRecords(options.data);
  const record = await records.read(cluster);
  return await withCluster(cluster, options, record, (connection) =>
    withIndex({ ...options, cluster, mustExist: false }, async (open) => {
      const { report, scopes } = await syncOnce(open, connection, options);
      await records.write({ ...recordOf(cluster, connection, options, record), mode: "snapshot", scopes });
      printReport(report, scopes, terminal);
      terminal.result({ cluster, ...report, scopes });
      const isWhole = report.failures.length === 0 && scopes.every(({ state }) => state === "current");
      return isWhole ? exitStatus.ok : exitStatus.partly;
    }),
  );
}

async function syncOnce(
  open: OpenIndex,
  connection: Connection,
  { allowMassDelete, signal }: SnapshotOptions,
): Promise<{ readonly report: IndexReport; readonly scopes: ScopeRecord[] }> {
  const { store, index } = open;
  const source = createKubernetesSource(connection.options);
  const history = await openHistory(open);
  const bar = createIndexingBar();
  const indexer = createIndexer({
    store,
    index,
    allowMassDelete,
    onProgress: (progress) => bar.update(progress),
  });
  try {
    const report = await indexer.sync(history.record(source), { signal });
    await history.flush();
    return { report, scopes: scopesOfSource(source.status()) };
  } finally {
    bar.stop();
    await source.close();
  }
}

/** Returns the record of a run without its scopes. */
export function recordOf(
  cluster: string,
  { identity }: Connection,
  options: SelectionOptions,
  record: ClusterRecord | undefined,
): Omit<ClusterRecord, "mode" | "scopes"> {
  const { namespaces, kinds } = selectionOf(options, record);
  return {
    version: 1,
    cluster,
    uid: identity.uid,
    serverVersion: identity.serverVersion,
    ...(namespaces === undefined ? {} : { namespaces }),
    ...(kinds === undefined ? {} : { kinds }),
    ...(record?.volatileFields === undefined ? {} : { volatileFields: record.volatileFields }),
    updatedAt: Date.now(),
  };
}

function printReport(report: IndexReport, scopes: readonly ScopeRecord[], terminal: Terminal): void {
  terminal.print(`${report.summary} in ${(report.durationMs / 1000).toFixed(2)} s`);
  for (const { documentId, message } of report.failures) terminal.note(`  ${documentId}: ${message}`);
  for (const { scope, state, error } of scopes)
    if (state !== "current") terminal.note(`  ${scope}: ${state}${error === undefined ? "" : `, ${error}`}`);
}
