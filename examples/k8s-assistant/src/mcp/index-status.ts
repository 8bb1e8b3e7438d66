import { age } from "../assistant/age.ts";
import { freshnessOf, isFollowed } from "../assistant/freshness.ts";
import { TokenBudget } from "../assistant/token-budget.ts";
import type { OpenIndex } from "../cluster/open-index.ts";

/** Returns what the index holds and how current it is, in at most `limit` tokens. */
export async function indexStatus(
  { store, index, cluster, records }: OpenIndex,
  limit: number,
): Promise<string> {
  const [documents, record] = await Promise.all([
    store.collection(index.name).count({ sourceId: cluster, index: 0 }),
    records.read(cluster),
  ]);
  const now = Date.now();
  const budget = new TokenBudget(limit - 16);
  budget.add(`${cluster}: ${documents} objects`);
  if (record !== undefined) {
    const followed = isFollowed(record, now) ? "followed now" : "not followed";
    budget.add(
      `API server ${record.serverVersion}, ${followed}, last report ${age(now - record.updatedAt)} ago`,
    );
    const current = record.scopes.filter(({ state }) => state === "current").length;
    budget.add(`${current} of ${record.scopes.length} types current`);
  }
  for (const warning of freshnessOf(record, now).warnings()) budget.add(warning);
  return budget.cut === 0 ? budget.text : `${budget.text}\n(${budget.cut} lines were cut)`;
}
