import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { FakeEmbedder } from "@binnacle/core/testing";
import { createKubernetesSource } from "@binnacle/k8s-sync";
import { kubeconfigAccess } from "@binnacle/k8s-sync/kubeconfig";
import { verifyIndex } from "@binnacle/retriever";
import { SqliteStore } from "@binnacle/retriever/sqlite";
import { RealCluster } from "../../../../packages/k8s-sync/src/source/fixtures/real-cluster.ts";
import { kubelabMissing, startKubelab } from "../../../servers/kubelab.ts";
import { randomNumbers } from "../../filled-store.ts";
import { atMost, exactly, shown, type Experiment } from "../experiment.ts";
import { defineLabIndex, labSelection } from "./lab-index.ts";

const missing = async (): Promise<string | undefined> => kubelabMissing("own");
const within = 60_000;
const program = fileURLToPath(new URL("following-process.ts", import.meta.url));

/** The following process is killed again and again during changes. */
export const processKilled: Experiment = {
  title: "the following process is killed at random moments",
  missing,
  run: ({ seed, share }) =>
    inKilledLab(async ({ cluster, kubeconfig, path, start }) => {
      const random = randomNumbers(seed);
      const kills = Math.max(2, Math.round(10 * share));
      for (let kill = 0; kill < kills; kill += 1) {
        const process = start();
        for (const end = performance.now() + 300 + 1_500 * random(); performance.now() < end; await wait(20))
          await change(cluster, Math.floor(100 * random()));
        await process.kill();
      }
      const last = start();
      const ms = await last.caughtUp(cluster);
      const left = await differencesLeft(kubeconfig, path);
      await last.kill();
      const warm = start();
      await warm.caughtUp(cluster);
      const { embedded } = warm.state;
      await warm.kill();
      return [
        shown("kills", kills, ""),
        atMost("time until a restarted process has caught up", ms, within, "ms"),
        // The change by which the process shows that it has caught up is one embedding.
        exactly("embeddings of a restart without changes", embedded - 1, 0),
        exactly("differences between index and cluster", left, 0),
      ];
    }),
};

/** Two replicas of which one leads. The leader is killed during changes. */
export const leaderKilled: Experiment = {
  title: "two replicas, and the leader is killed",
  missing,
  run: () =>
    inKilledLab(async ({ cluster, kubeconfig, path, start }) => {
      const first = start("replica-a");
      await first.until(({ phase }) => phase === "following");
      const second = start("replica-b");
      await second.until(({ phase }) => phase === "waiting");
      for (let each = 0; each < 20; each += 1) await change(cluster, each);
      const idle = second.state.phase === "waiting" ? 0 : 1;
      await first.kill();
      for (let each = 20; each < 40; each += 1) await change(cluster, each);
      const ms = await second.until(({ phase }) => phase === "following");
      const caughtUpMs = await second.caughtUp(cluster);
      const left = await differencesLeft(kubeconfig, path);
      await second.kill();
      return [
        exactly("replicas that wrote beside the leader", idle, 0),
        atMost("time until the other replica has taken over", ms, 20_000, "ms"),
        atMost("then until it has caught up", caughtUpMs, 10_000, "ms"),
        exactly("differences between index and cluster", left, 0),
      ];
    }),
};

interface State {
  readonly phase: string;
  readonly waiting: number;
  readonly embedded: number;
  /** The index holds all changes up to this time, epoch milliseconds. 0 if it is not known. */
  readonly asOf: number;
}

interface KilledLab {
  readonly cluster: RealCluster;
  readonly kubeconfig: string;
  readonly path: string;
  start(identity?: string): FollowingProcess;
}

async function inKilledLab<T>(body: (lab: KilledLab) => Promise<T>): Promise<T> {
  const lab = await startKubelab({ own: true });
  const cluster = new RealCluster(lab.kubeconfig);
  const folder = mkdtempSync(join(tmpdir(), "binnacle-killed-"));
  const path = join(folder, "index.sqlite");
  const started: FollowingProcess[] = [];
  try {
    await cluster.namespace("shop");
    for (let each = 0; each < 100; each += 1) await cluster.configMap("shop", `config-${each}`);
    const start = (identity?: string): FollowingProcess => {
      const process = new FollowingProcess(lab.kubeconfig, path, identity);
      started.push(process);
      return process;
    };
    return await body({ cluster, kubeconfig: lab.kubeconfig, path, start });
  } finally {
    for (const process of started) await process.kill();
    await cluster.close();
    await lab.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A process that follows, and the state that it said last. */
class FollowingProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  state: State = { phase: "starting", waiting: 0, embedded: 0, asOf: 0 };

  constructor(kubeconfig: string, path: string, identity: string | undefined) {
    const args = ["--conditions=@binnacle/source", program, kubeconfig, path];
    this.#child = spawn(process.execPath, identity === undefined ? args : [...args, identity], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#ended = new Promise((resolve) => this.#child.once("close", resolve));
    if (this.#child.stdout === null) throw new Error("the process has no output");
    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      // Our own program writes it.
      const said: unknown = JSON.parse(line);
      if (isState(said)) this.state = said;
    });
  }

  /** Waits until the state fits. Returns the milliseconds, or infinity after a minute. */
  async until(isSo: (state: State) => boolean): Promise<number> {
    const startedAt = performance.now();
    for (; performance.now() - startedAt < within; await wait(50))
      if (isSo(this.state)) return performance.now() - startedAt;
    return Infinity;
  }

  /** Waits until it follows, makes one change, and waits until its index is current as of that change. */
  async caughtUp(cluster: RealCluster): Promise<number> {
    const startedAt = performance.now();
    await this.until(({ phase }) => phase === "following");
    const changedAt = Date.now();
    await change(cluster, 99);
    await this.until(({ waiting, asOf }) => waiting === 0 && asOf >= changedAt);
    return performance.now() - startedAt;
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }
}

function isState(value: unknown): value is State {
  return typeof value === "object" && value !== null && "phase" in value && "embedded" in value;
}

async function change(cluster: RealCluster, each: number): Promise<void> {
  const labels = { change: String(Math.round(performance.now())) };
  await cluster.patch("configmaps", "shop", `config-${each % 100}`, { metadata: { labels } });
}

/** Returns the differences between index and cluster. A resumed watch may still have events to read. The count is
 * repeated until it is 0, for ten seconds at most. */
async function differencesLeft(kubeconfig: string, path: string): Promise<number> {
  let left = await differences(kubeconfig, path);
  for (const end = performance.now() + 10_000; left > 0 && performance.now() < end; await wait(200))
    left = await differences(kubeconfig, path);
  return left;
}

async function differences(kubeconfig: string, path: string): Promise<number> {
  const store = new SqliteStore({ path });
  const access = kubeconfigAccess({ path: kubeconfig });
  const source = createKubernetesSource({ cluster: "lab", access, ...labSelection });
  try {
    const index = await defineLabIndex(new FakeEmbedder());
    return (await verifyIndex({ store, index, source })).differenceCount;
  } finally {
    await source.close();
    await store.close();
  }
}
