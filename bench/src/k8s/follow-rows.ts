import { setTimeout as wait } from "node:timers/promises";
import type { RealCluster } from "../../../packages/k8s-sync/src/source/fixtures/real-cluster.ts";
import type { Row } from "../report.ts";
import type { FollowedCluster } from "./followed-cluster.ts";
import { inParallel, markedConfigMaps } from "./lab-objects.ts";
import { base, zero } from "./row-base.ts";

/** Changes a followed cluster: at 50 and 300 a second, and with changes of a status that no document shows. */
export async function followRows(cluster: RealCluster, followed: FollowedCluster): Promise<readonly Row[]> {
  await followed.follow();
  const calm = await marksPerSecond(cluster, followed, 50, 500);
  const busy = await marksPerSecond(cluster, followed, 300, 1_500);
  const churned = await churn(cluster, followed, 1_000);
  return [
    latencyRow("p50", calm, 150),
    latencyRow("p99", calm, 500),
    zero("changes lost at 50/s", calm.lost),
    {
      ...base,
      row: "change to searchable at 300/s, p99",
      value: Math.round(busy.p99),
      unit: "ms",
      sentPerSecond: busy.sentPerSecond,
    },
    zero("objects lost at 300/s", busy.lost),
    zero("embeddings of 950 status changes among 1,000", churned.embedded - churned.real, churned),
  ];
}

interface Marked {
  readonly p50: number;
  readonly p99: number;
  readonly lost: number;
  readonly sentPerSecond: number;
}

function latencyRow(name: "p50" | "p99", marked: Marked, target: number): Row {
  const ms = Math.round(marked[name]);
  return {
    ...base,
    row: `change to searchable at 50/s, ${name}`,
    value: ms,
    unit: "ms",
    target: `≤ ${target}`,
    ok: ms <= target,
    sentPerSecond: marked.sentPerSecond,
  };
}

/** Changes ConfigMaps at a rate and waits until the last change of each is searchable. */
async function marksPerSecond(
  cluster: RealCluster,
  followed: FollowedCluster,
  perSecond: number,
  changes: number,
): Promise<Marked> {
  const sent = new Map<string, number>();
  const last = new Map<string, string>();
  const startedAt = performance.now();
  await inParallel(changes, async (index) => {
    const dueIn = startedAt + (1_000 * index) / perSecond - performance.now();
    if (dueIn > 0) await wait(dueIn);
    const mark = `mark-${perSecond}${String(index).padStart(6, "0")}`;
    const name = `config-${index % markedConfigMaps}`;
    sent.set(mark, performance.now());
    last.set(name, mark);
    await cluster.patch("configmaps", "shop", name, { metadata: { labels: { mark } } });
  });
  const sentPerSecond = Math.round((1_000 * changes) / (performance.now() - startedAt));
  const isDone = (): boolean => [...last.values()].every((mark) => followed.written.has(mark));
  for (const end = performance.now() + 30_000; !isDone() && performance.now() < end;) await wait(10);
  const delays = [...sent].flatMap(([mark, at]) => {
    const written = followed.written.get(mark);
    return written === undefined ? [] : [written - at];
  });
  delays.sort((a, b) => a - b);
  const lost = [...last.values()].filter((mark) => !followed.written.has(mark)).length;
  return { p50: percentile(delays, 0.5), p99: percentile(delays, 0.99), lost, sentPerSecond };
}

/** Makes 1,000 changes, 95 of 100 only in a status. Returns the embeddings and the real changes. */
async function churn(
  cluster: RealCluster,
  followed: FollowedCluster,
  changes: number,
): Promise<{ readonly embedded: number; readonly real: number }> {
  const pods = 50;
  const tick = (pod: number, at: number): Promise<unknown> => {
    const lastProbeTime = new Date(1.7e12 + 1_000 * at).toISOString().replace(/\.\d+/, "");
    const conditions = [{ type: "Ready", status: "False", reason: "ContainersNotReady", lastProbeTime }];
    return cluster.patchStatus("pods", "shop", `web-${pod}`, { status: { conditions } });
  };
  // The first status of a pod is news.
  for (let pod = 0; pod < pods; pod += 1) await tick(pod, 0);
  await wait(2_000);
  const before = followed.embedded;
  let real = 0;
  await inParallel(changes, async (index) => {
    if (index % 20 !== 0) return void (await tick(index % pods, index));
    real += 1;
    const labels = { churn: String(index) };
    await cluster.patch("configmaps", "shop", `config-${real % markedConfigMaps}`, { metadata: { labels } });
  });
  await wait(3_000);
  return { embedded: followed.embedded - before, real };
}

function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}
