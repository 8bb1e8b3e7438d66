import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RealCluster } from "../../../packages/k8s-sync/src/source/fixtures/real-cluster.ts";
import { kubelabMissing, startKubelab } from "../../../tests/servers/kubelab.ts";
import { printFigures, type Row } from "../report.ts";
import { FollowedCluster } from "./followed-cluster.ts";
import { followRows } from "./follow-rows.ts";
import { createMixed, createPods } from "./lab-objects.ts";
import { listRows } from "./list-rows.ts";
import { RawLists } from "./raw-list.ts";
import { syncRows } from "./sync-rows.ts";

/** Measures a real cluster as a source: half of its objects are pods. `--objects=10000` sets their number, and
 * `--rows=list,sync,follow` the parts. */
export async function k8sSuite(options: readonly string[]): Promise<boolean> {
  const missing = kubelabMissing("own");
  if (missing !== undefined) {
    console.error(`bench: k8s is skipped: ${missing}`);
    return true;
  }
  const option = (name: string): string | undefined =>
    options.find((each) => each.startsWith(`--${name}=`))?.slice(name.length + 3);
  const objects = Number(option("objects") ?? 10_000);
  const parts = (option("rows") ?? "list,sync,follow").split(",");
  const pods = Math.floor(objects / 2);
  const lab = await startKubelab({ own: true });
  const cluster = new RealCluster(lab.kubeconfig);
  const folder = mkdtempSync(join(tmpdir(), "binnacle-bench-k8s-"));
  try {
    await cluster.namespace("shop");
    note(`creates ${objects} objects`);
    await createPods(cluster, "shop", pods);
    await createMixed(cluster, "shop", objects - pods);
    let isCorrect = true;
    // Each part is printed at once, because the whole takes minutes.
    const print = (title: string, rows: readonly Row[]): void => {
      isCorrect =
        printFigures(`a real cluster with ${objects} objects, ${pods} of them pods: ${title}`, rows) &&
        isCorrect;
    };
    if (parts.includes("list")) {
      note("lists the pods");
      print("lists", await listRows(lab.kubeconfig, pods));
    }
    if (parts.includes("sync")) {
      note("indexes the cluster");
      const raw = await RawLists.open(cluster, lab.kubeconfig);
      print("index", await syncRows(lab.kubeconfig, raw, folder));
    }
    if (parts.includes("follow")) {
      note("follows changes");
      const followed = new FollowedCluster(lab.kubeconfig, join(folder, "followed.sqlite"));
      try {
        print("changes", await followRows(cluster, followed));
      } finally {
        await followed.close();
      }
    }
    return isCorrect;
  } finally {
    await cluster.close();
    await lab.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function note(step: string): void {
  console.error(`bench: k8s ${step} (${Math.round(performance.now() / 1_000)} s)`);
}
