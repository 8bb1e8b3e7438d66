// Started by the k8s suite in its own process. Lists the pods of a real API server, as this package or as
// client-node's informer does, and measures each run. The side `chunks` also renders and cuts each document.
import { setTimeout as wait } from "node:timers/promises";
import type { Timing } from "../measure.ts";
import { timed } from "../measure.ts";

const [side = "", kubeconfig = ""] = process.argv.slice(2);

interface Held {
  readonly objects: number;
  release(): Promise<void>;
}

const list: () => Promise<Held> =
  side === "informer" ? await informer(kubeconfig) : await ours(kubeconfig, side === "chunks");

// Objects that wait for a reader leave after five seconds.
const idleMs = 6_000;

process.on("message", (question) => {
  void (question === "run" ? run() : heap()).then((answer) => process.send?.(answer));
});

async function run(): Promise<Timing> {
  const { timing, result } = await timed(list);
  await result.release();
  return timing;
}

async function heap(): Promise<{ readonly heapPerObject: number }> {
  await wait(idleMs); // what the timed runs left
  global.gc?.();
  global.gc?.();
  const before = process.memoryUsage().heapUsed;
  const { objects, release } = await list();
  await wait(idleMs);
  global.gc?.();
  global.gc?.();
  const heapPerObject = (process.memoryUsage().heapUsed - before) / objects;
  await release();
  return { heapPerObject };
}

async function ours(path: string, withChunks: boolean): Promise<() => Promise<Held>> {
  const { createKubernetesSource } = await import("@binnacle/k8s-sync");
  const { kubeconfigAccess } = await import("@binnacle/k8s-sync/kubeconfig");
  const { createEstimatingTokenizer, createMarkdownChunker } = await import("@binnacle/retriever");
  const access = await kubeconfigAccess({ path })();
  const chunker = await createMarkdownChunker({ tokenizer: createEstimatingTokenizer() });
  return async () => {
    const source = createKubernetesSource({
      cluster: "lab",
      access,
      kinds: { include: ["pods"] },
      replicas: "own",
      namespaces: { exclude: [] },
    });
    const changes = source.changes({ follow: true })[Symbol.asyncIterator]();
    let objects = 0;
    for (;;) {
      const { value, done } = await changes.next();
      if (done === true) throw new Error("the source ended");
      if (value.type === "upsert") {
        objects += 1;
        const document = withChunks ? await value.load() : undefined;
        if (document !== undefined) chunker.chunk(document);
      }
      if (value.type === "listing" && value.state === "complete") break;
    }
    return {
      objects,
      release: async () => {
        await source.close();
        await changes.return?.(undefined).catch(() => undefined);
      },
    };
  };
}

async function informer(path: string): Promise<() => Promise<Held>> {
  const { CoreV1Api, KubeConfig, makeInformer } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  config.loadFromFile(path);
  const api = config.makeApiClient(CoreV1Api);
  return async () => {
    const one = makeInformer(config, "/api/v1/pods", () => api.listPodForAllNamespaces());
    await one.start();
    return { objects: one.list().length, release: () => one.stop() };
  };
}
