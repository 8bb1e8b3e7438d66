import type { CommonOptions } from "../cli/common-options.ts";
import { exitStatus } from "../cli/exit-status.ts";
import type { Terminal } from "../cli/terminal.ts";
import { age } from "../assistant/age.ts";
import { isFollowed } from "../assistant/freshness.ts";
import { withIndex } from "../cluster/open-index.ts";

/** Prints what the index holds and how current each scope is. Needs no cluster. */
export async function status(options: CommonOptions, terminal: Terminal): Promise<number> {
  return await withIndex({ ...options, mustExist: true }, async ({ store, index, cluster, record }) => {
    const objects = store.collection(index.name);
    const [documents, points] = await Promise.all([
      objects.count({ sourceId: cluster, index: 0 }),
      objects.count({ sourceId: cluster }),
    ]);
    const now = Date.now();
    const scopes = record?.scopes ?? [];
    const bad = scopes.filter(({ state }) => state !== "current");
    const followed = record !== undefined && isFollowed(record, now);
    const updated = record === undefined ? "never" : age(now - record.updatedAt);
    terminal.print(
      `${cluster} (${record?.serverVersion ?? "unknown version"}): ${documents} documents, ${points} chunks`,
    );
    terminal.print(
      followed
        ? `  followed by another process, state of ${updated} ago`
        : `  not followed: the index is as old as its last run, ${updated} ago`,
    );
    terminal.print(`  ${scopes.length - bad.length} of ${scopes.length} scopes current`);
    const drift = record?.drift;
    if (drift !== undefined)
      terminal.print(
        `  compared with the cluster ${age(now - drift.checkedAt)} ago: ${drift.objects} objects had drifted`,
      );
    for (const { scope, state, error } of bad)
      terminal.print(`  ${scope}: ${state}${error === undefined ? "" : `, ${error}`}`);
    if (record?.error !== undefined) terminal.print(`  ${record.error}`);
    terminal.result({ cluster, documents, points, followed, ...record });
    return bad.length === 0 && record?.error === undefined ? exitStatus.ok : exitStatus.partly;
  });
}
