import { connect, createServer, type Socket } from "node:net";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { kubeconfigAccess } from "@binnacle/k8s-sync/kubeconfig";
import { kubelabMissing } from "../../../servers/kubelab.ts";
import { atMost, exactly, type Experiment } from "../experiment.ts";
import { FollowedLab, type FollowedLabOptions } from "./followed-lab.ts";

const missing = async (): Promise<string | undefined> => kubelabMissing("own");
const within = 60_000;

/** The API server is killed during changes and starts again, so that every older version gets 410. */
export const apiServerKilled: Experiment = {
  title: "the API server is killed and starts again",
  missing,
  run: () =>
    inLab({}, async (lab) => {
      await seed(lab, 50);
      await lab.cluster.remove("configmaps", "shop", "config-0");
      await lab.lab.restart();
      await lab.cluster.remove("configmaps", "shop", "config-1");
      await lab.cluster.configMap("shop", "after");
      return await outcome(lab);
    }),
};

/** The API server stops answering and keeps its connections open. */
export const apiServerHung: Experiment = {
  title: "the API server hangs with open connections",
  missing,
  run: ({ outageMs }) =>
    inLab({ source: { idleMs: outageMs / 2 } }, async (lab) => {
      await seed(lab, 20);
      lab.lab.signal("SIGSTOP");
      await wait(outageMs);
      lab.lab.signal("SIGCONT");
      await lab.cluster.configMap("shop", "after");
      return await outcome(lab);
    }),
};

/** etcd forgets its history during lists and watches, and the API server then starts with an empty cache. */
export const etcdCompacted: Experiment = {
  title: "etcd is compacted during lists, and every older version gets 410",
  missing,
  run: ({ outageMs }) =>
    inLab({ source: { pageSize: 10 } }, async (lab) => {
      await seed(lab, 100);
      for (const end = Date.now() + outageMs; Date.now() < end; await wait(100)) {
        await lab.unfollow();
        await lab.cluster.configMap("shop", `during-${Date.now()}`);
        lab.lab.signal("SIGUSR1");
        lab.follow();
        await lab.cluster.patch("configmaps", "shop", "config-1", {
          metadata: { labels: { at: String(Date.now()) } },
        });
        lab.lab.signal("SIGUSR1");
      }
      await lab.unfollow();
      await lab.cluster.remove("configmaps", "shop", "config-2");
      await lab.lab.restart();
      lab.lab.signal("SIGUSR1");
      lab.follow();
      return await outcome(lab);
    }),
};

/** A proxy breaks all connections again and again during changes. */
export const connectionsCut: Experiment = {
  title: "all connections are cut every 300 ms during changes",
  missing,
  run: ({ outageMs }) => withCutConnections(outageMs),
};

async function withCutConnections(outageMs: number): ReturnType<Experiment["run"]> {
  const sockets = new Set<Socket>();
  let target = 0;
  const proxy = createServer((socket) => {
    const server = connect(target, "127.0.0.1");
    for (const one of [socket, server]) {
      sockets.add(one);
      one.on("close", () => sockets.delete(one)).on("error", () => undefined);
    }
    socket.pipe(server).pipe(socket);
    socket.on("close", () => server.destroy());
    server.on("close", () => socket.destroy());
  }).listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const address = proxy.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  let cutter: NodeJS.Timeout | undefined;
  const lab = await FollowedLab.start();
  try {
    const access = await kubeconfigAccess({ path: lab.lab.kubeconfig })();
    target = Number(new URL(access.url).port);
    lab.use({ access: { ...access, url: `https://127.0.0.1:${port}` } });
    await seed(lab, 10);
    cutter = setInterval(() => {
      for (const socket of sockets) socket.resetAndDestroy();
    }, 300);
    for (const end = Date.now() + outageMs; Date.now() < end; await wait(50))
      await lab.cluster.configMap("shop", `during-${Date.now()}`);
    clearInterval(cutter);
    return await outcome(lab);
  } finally {
    clearInterval(cutter);
    await lab.close();
    for (const socket of sockets) socket.destroy();
    proxy.close();
  }
}

/** Runs a body with a lab of its own. */
export async function inLab<T>(
  options: FollowedLabOptions,
  body: (lab: FollowedLab) => Promise<T>,
): Promise<T> {
  const lab = await FollowedLab.start(options);
  try {
    return await body(lab);
  } finally {
    await lab.close();
  }
}

/** Creates a namespace with ConfigMaps, follows, and waits until all are indexed. */
export async function seed(lab: FollowedLab, configMaps: number): Promise<void> {
  await lab.cluster.namespace("shop");
  for (let made = 0; made < configMaps; made += 1) await lab.cluster.configMap("shop", `config-${made}`);
  lab.follow();
  await lab.agrees();
}

/** Waits until index and cluster agree, and returns the figures of that. */
export async function outcome(lab: FollowedLab): ReturnType<Experiment["run"]> {
  const ms = await lab.agrees(within);
  return [
    exactly("differences between index and cluster", await lab.differences(), 0),
    atMost("time until they agree", ms, within, "ms"),
  ];
}
