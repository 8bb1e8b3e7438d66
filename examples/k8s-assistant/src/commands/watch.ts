import {
  createKubernetesSource,
  type KubernetesSource,
  type KubernetesSourceEvent,
} from "@binnacle/k8s-sync";
import { createIndexer, type FollowHandle, type FollowStatus } from "@binnacle/retriever";
import { exitStatus } from "../cli/exit-status.ts";
import type { Terminal } from "../cli/terminal.ts";
import { openClusterRecords, type ClusterRecord } from "../cluster/cluster-record.ts";
import { withCluster } from "../cluster/connect.ts";
import { contextName } from "../cluster/kubeconfig-context.ts";
import { openHistory } from "../cluster/object-history.ts";
import { withIndex } from "../cluster/open-index.ts";
import { driftOfSource, scopesOfFollow } from "../cluster/scope-records.ts";
import { recordOf, type SnapshotOptions } from "./snapshot.ts";

const statusMs = 1_000;

/** Follows the cluster until it is stopped. It writes the state of every scope once a second, so that questions
 * in other processes know how current the index is. */
export async function watch(options: SnapshotOptions, terminal: Terminal): Promise<number> {
  const cluster = options.cluster ?? (await contextName(options));
  const records = openClusterRecords(options.data);
  const record = await records.read(cluster);
  return await withCluster(cluster, options, record, (connection) =>
    withIndex({ ...options, cluster, mustExist: false }, async (open) => {
      const { store, index } = open;
      const volatileFields = [...(record?.volatileFields ?? [])];
      const source = createKubernetesSource({
        ...connection.options,
        onEvent: (event) => {
          if (event.type === "field-left-out")
            volatileFields.push({ type: event.resource, path: event.path });
          else terminal.note(eventLine(event));
        },
      });
      const history = await openHistory(open);
      const indexer = createIndexer({ store, index, allowMassDelete: options.allowMassDelete });
      const handle = indexer.follow(history.record(source));
      const base = recordOf(cluster, connection, options, record);
      const write = (mode: ClusterRecord["mode"]): Promise<void> =>
        records.write({ ...base, ...stateOf(handle.status(), source), volatileFields, mode });
      const printer = statusPrinter(terminal);
      let flushing: Promise<void> | undefined;
      const flush = (): Promise<void> => (flushing ??= history.flush().finally(() => (flushing = undefined)));
      const timer = setInterval(() => {
        printer(handle.status());
        // The next second writes it again.
        void write("watching").catch(() => undefined);
        void flush().catch((error: unknown) => {
          terminal.note(`the history waits: ${error instanceof Error ? error.message : String(error)}`);
        });
      }, statusMs);
      options.signal?.addEventListener("abort", () => void handle.close(), { once: true });
      try {
        const report = await handle.done;
        terminal.print(`stopped: ${report.summary}`);
        return exitStatus.ok;
      } finally {
        clearInterval(timer);
        await stop(handle, () => write("stopped"));
        await flush().catch(() => undefined); // the one that is under way
        await flush();
        await source.close();
      }
    }),
  );
}

async function stop(handle: FollowHandle, write: () => Promise<void>): Promise<void> {
  await handle.close();
  await write();
}

function stateOf(
  status: FollowStatus,
  source: KubernetesSource,
): Pick<ClusterRecord, "scopes" | "updatedAt" | "lagMs" | "error" | "drift"> {
  const { lagMs, error } = status;
  const scopes = scopesOfFollow(status);
  const drift = driftOfSource(source.status());
  return {
    ...(drift === undefined ? {} : { drift }),
    scopes,
    updatedAt: Date.now(),
    lagMs,
    ...(error === undefined ? {} : { error: error.message }),
  };
}

function eventLine(event: KubernetesSourceEvent): string {
  if (event.type === "drift")
    return `${event.scope}: the watch missed ${event.missing + event.stale + event.orphaned} objects, so it is listed again`;
  const about =
    "scope" in event ? event.scope : "key" in event ? event.key : "group" in event ? event.group : "";
  return `${event.type} ${about}${"error" in event ? `: ${event.error.message}` : ""}`;
}

/** Prints a line whenever the state changes. With `--json` each line is one object. */
function statusPrinter(terminal: Terminal): (status: FollowStatus) => void {
  let last = "";
  return ({ phase, scopes, waiting, error }) => {
    const current = scopes.filter(({ state, isDegraded }) => state === "current" && !isDegraded).length;
    const degraded = scopes.filter(({ isDegraded }) => isDegraded).map(({ scope }) => scope);
    const state = { phase, scopes: scopes.length, current, degraded, waiting, error: error?.message };
    const line = JSON.stringify(state);
    if (line === last) return;
    last = line;
    terminal.result({ at: new Date().toISOString(), ...state });
    const trouble = degraded.length === 0 ? "" : `, degraded: ${degraded.join(", ")}`;
    const behind = waiting === 0 ? "" : `, ${waiting} documents wait`;
    const failure = error === undefined ? "" : `, ${error.message}`;
    terminal.print(
      `${new Date().toISOString()} ${phase}: ${current} of ${scopes.length} scopes current${behind}${trouble}${failure}`,
    );
  };
}
