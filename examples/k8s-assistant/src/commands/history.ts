import { ConfigurationError } from "@binnacle/core";
import { readHistory } from "@binnacle/k8s-sync";
import { parseSince } from "../assistant/parse-since.ts";
import type { CommonOptions } from "../cli/common-options.ts";
import { exitStatus } from "../cli/exit-status.ts";
import type { Terminal } from "../cli/terminal.ts";
import { historyCollection } from "../cluster/object-history.ts";
import { withIndex } from "../cluster/open-index.ts";
import type { SelectionOptions } from "../cluster/source-options.ts";

/** Options of `history`. */
export interface HistoryOptions extends CommonOptions, SelectionOptions {
  readonly since?: string | undefined;
  readonly limit: number;
}

/** Prints the recorded changes of objects, newest first. Needs no cluster. */
export async function history(options: HistoryOptions, terminal: Terminal): Promise<number> {
  const { namespace, kind, limit, signal } = options;
  const since = sinceOf(options.since);
  return await withIndex({ ...options, mustExist: true }, async ({ store, cluster }) => {
    const filter = {
      ...(namespace === undefined ? {} : { namespace: { $in: namespace } }),
      ...(kind === undefined ? {} : { $or: [{ kind: { $in: kind } }, { resource: { $in: kind } }] }),
    };
    const changes = await readHistory(store.collection(historyCollection), {
      cluster,
      since,
      filter,
      signal,
    });
    for (const { at, change, key, resourceVersion, lines } of changes.slice(0, limit)) {
      const version = resourceVersion === "" ? "" : `@${resourceVersion}`;
      terminal.print(`${new Date(at).toISOString()} ${change} ${key}${version}`);
      for (const line of lines) terminal.print(`    ${line}`);
    }
    const left = changes.length - limit;
    if (left > 0) terminal.note(`  and ${left} more changes (--limit)`);
    if (changes.length === 0) terminal.print("No change is recorded. The first snapshot records none.");
    terminal.result({ cluster, changes: changes.slice(0, limit), total: changes.length });
    return exitStatus.ok;
  });
}

function sinceOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const lower = text.toLowerCase();
  const now = Date.now();
  const period =
    parseSince(`since ${lower}`, now) ?? parseSince(`the last ${lower}`, now) ?? parseSince(lower, now);
  if (period !== undefined) return period.since;
  throw new ConfigurationError(
    `--since is "${text}". Use a time such as 14:00, a date such as 2026-11-30T14:00:00Z, or a period such as "2 hours".`,
    { code: "invalid_time" },
  );
}
