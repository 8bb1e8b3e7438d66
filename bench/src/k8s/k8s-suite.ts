import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { RealCluster } from "../../../packages/k8s-sync/src/source/fixtures/real-cluster.ts";
import { kubelabMissing, startKubelab } from "../../../tests/servers/kubelab.ts";
import { measureProcessesInTurn } from "../processes-in-turn.ts";
import { printFigures, type Row } from "../report.ts";
import { FollowedCluster } from "./followed-cluster.ts";
import { createConfigMaps, createPods, inParallel } from "./lab-objects.ts";

const versions = {
  node: process.versions.node,
  "kube-apiserver": "1.36.3",
  "@kubernetes/client-node": "2.0.1",
};
const base = { suite: "k8s", versions, seed: "fixed" } as const;

/** Measures a real cluster as a source. `--objects=5000` sets the number of pods. */
export async function k8sSuite(options: readonly string[]): Promise<boolean> {
  const missing = kubelabMissing("own");
  if (missing !== undefined) {
    console.error(`bench: k8s is skipped: ${missing}`);
    return true;
  }
  const objects = Number(options.find((option) => option.startsWith("--objects="))?.split("=")[1] ?? 5_000);
  const lab = await startKubelab({ own: true });
  const cluster = new RealCluster(lab.kubeconfig);
  const folder = mkdtempSync(join(tmpdir(), "binnacle-bench-k8s-"));
  try {
    await cluster.namespace("shop");
    await createPods(cluster, "shop", objects);
    const rows = [
      ...(await listRows(lab.kubeconfig, objects)),
      ...(await followRows(cluster, lab.kubeconfig, join(folder, "lab.sqlite"))),
    ];
    return printFigures(`a real cluster with ${objects} pods`, rows);
  } finally {
    await cluster.close();
    await lab.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface HeapFacts {
  readonly heapPerObject: number;
}

async function listRows(kubeconfig: string, objects: number): Promise<readonly Row[]> {
  const contenders = ["binnacle", "informer"].map((name) => ({ name, args: [name, kubeconfig] }));
  const child = new URL("list-child.ts", import.meta.url);
  const [ours, informer] = await measureProcessesInTurn<HeapFacts>(child, contenders, {
    runs: 5,
    warmups: 1,
  });
  if (ours === undefined || informer === undefined) throw new Error("a side was not measured");
  const detail = {
    objects,
    minMs: Math.round(ours.minMs),
    maxMs: Math.round(ours.maxMs),
    cpuMs: Math.round(ours.cpuMs),
  };
  const ratio = ours.medianMs / informer.medianMs;
  const heap = Math.round(ours.result.heapPerObject);
  return [
    { ...base, row: "listed to hashes", value: Math.round(ours.medianMs), unit: "ms", ...detail },
    {
      ...base,
      row: "listed by the informer",
      value: Math.round(informer.medianMs),
      unit: "ms",
      peer: "client-node",
      cpuMs: Math.round(informer.cpuMs),
    },
    {
      ...base,
      row: "time beside the informer",
      value: round(ratio),
      unit: "×",
      target: "≤ 0.7",
      ok: ratio <= 0.7,
    },
    {
      ...base,
      row: "processor time beside the informer",
      value: round(ours.minCpuMs / informer.minCpuMs),
      unit: "×",
    },
    { ...base, row: "heap per object", value: heap, unit: "bytes", target: "≤ 1024", ok: heap <= 1024 },
    {
      ...base,
      row: "heap per object of the informer",
      value: Math.round(informer.result.heapPerObject),
      unit: "bytes",
      peer: "client-node",
    },
  ];
}

async function followRows(cluster: RealCluster, kubeconfig: string, path: string): Promise<readonly Row[]> {
  await createConfigMaps(cluster, "shop", 200);
  const followed = new FollowedCluster(kubeconfig, path);
  try {
    const firstMs = await followed.sync();
    const before = followed.embedded;
    const restartMs = await followed.sync();
    const restartEmbedded = followed.embedded - before;
    await followed.follow();
    const calm = await marksPerSecond(cluster, followed, 50, 500);
    const busy = await marksPerSecond(cluster, followed, 300, 1_500);
    const churned = await churn(cluster, followed, 1_000);
    return [
      { ...base, row: "first sync to searchable", value: Math.round(firstMs), unit: "ms", embedded: before },
      { ...base, row: "restart without changes", value: Math.round(restartMs), unit: "ms" },
      zero("embeddings of a restart without changes", restartEmbedded),
      latencyRow("p50", calm.p50, 150),
      latencyRow("p99", calm.p99, 500),
      zero("changes lost at 50/s", calm.lost),
      { ...base, row: "change to searchable at 300/s, p99", value: Math.round(busy.p99), unit: "ms" },
      zero("objects lost at 300/s", busy.lost),
      zero("embeddings of 1,000 changes without content", churned),
    ];
  } finally {
    await followed.close();
  }
}

function zero(row: string, value: number): Row {
  return { ...base, row, value, unit: "", target: "0", ok: value === 0, correct: value === 0 };
}

function latencyRow(name: string, ms: number, target: number): Row {
  return {
    ...base,
    row: `change to searchable at 50/s, ${name}`,
    value: Math.round(ms),
    unit: "ms",
    target: `≤ ${target}`,
    ok: ms <= target,
  };
}

/** Changes ConfigMaps at a rate and waits until the last change of each is searchable. */
async function marksPerSecond(
  cluster: RealCluster,
  followed: FollowedCluster,
  perSecond: number,
  changes: number,
) {
  const sent = new Map<string, number>();
  const last = new Map<string, string>();
  const offset = followed.written.size + 1_000_000 * perSecond;
  const startedAt = performance.now();
  await inParallel(changes, async (index) => {
    const dueIn = startedAt + (1_000 * index) / perSecond - performance.now();
    if (dueIn > 0) await wait(dueIn);
    const mark = `mark-${offset + index}`;
    const name = `config-${index % 200}`;
    sent.set(mark, performance.now());
    last.set(name, mark);
    await cluster.patch("configmaps", "shop", name, { metadata: { labels: { mark } } });
  });
  const isDone = (): boolean => [...last.values()].every((mark) => followed.written.has(mark));
  for (const end = performance.now() + 30_000; !isDone() && performance.now() < end;) await wait(10);
  const delays = [...sent].flatMap(([mark, at]) => {
    const written = followed.written.get(mark);
    return written === undefined ? [] : [written - at];
  });
  delays.sort((a, b) => a - b);
  const lost = [...last.values()].filter((mark) => !followed.written.has(mark)).length;
  return { p50: percentile(delays, 0.5), p99: percentile(delays, 0.99), lost };
}

/** Changes fields that no document shows. Returns the number of embeddings. */
async function churn(cluster: RealCluster, followed: FollowedCluster, changes: number): Promise<number> {
  await wait(1_000);
  const before = followed.embedded;
  await inParallel(changes, async (index) => {
    const annotations = { "control-plane.alpha.kubernetes.io/leader": `{"renewTime":"${index}"}` };
    await cluster.patch("configmaps", "shop", `config-${index % 200}`, { metadata: { annotations } });
  });
  await wait(2_000);
  return followed.embedded - before;
}

function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
