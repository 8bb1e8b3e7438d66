import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { BinnacleError } from "@binnacle/core";
import { FakeEmbedder } from "@binnacle/core/testing";
import { createKubernetesSource, kubernetesFields } from "@binnacle/k8s-sync";
import { kubeconfigAccess } from "@binnacle/k8s-sync/kubeconfig";
import { createBm25Encoder, createChunker, createIndexer, defineIndex } from "@binnacle/retriever";
import { SqliteStore } from "@binnacle/retriever/sqlite";

/** Everything that left the cluster, by the place where it was seen. */
export type Seen = ReadonlyMap<string, string>;

/**
 * Indexes the cluster twice, with and without a failing embedder, and returns everything that was seen: the
 * requests to the embedder, the points, the bytes of the files, the manifest, events, reports and errors.
 */
export async function indexCanaries(kubeconfig: string, folder: string): Promise<Seen> {
  const seen = new Map<string, string>();
  const store = new SqliteStore({ path: join(folder, "index.sqlite") });
  const said: string[] = [];
  const quiet = recordOutput(said);
  try {
    const embedder = new FakeEmbedder();
    const index = defineIndex({
      name: "canaries",
      chunker: await createChunker(),
      embedder,
      sparse: createBm25Encoder(),
      fields: kubernetesFields,
    });
    const events: unknown[] = [];
    const source = createKubernetesSource({
      cluster: "lab",
      access: kubeconfigAccess({ path: kubeconfig }),
      onEvent: (event) => events.push(event),
    });
    const report = await createIndexer({ store, index }).sync(source);
    seen.set("embedding requests", embedder.embedded.join("\n"));
    seen.set("report and metrics", JSON.stringify([report, source.status()]));
    seen.set("events and logs", JSON.stringify(events));
    const points: unknown[] = [];
    for await (const point of store.collection("canaries").scan()) points.push(point);
    seen.set("points", JSON.stringify(points));
    await source.close();
    seen.set("errors", await errorsOf(kubeconfig, folder));
  } finally {
    quiet();
    await store.close();
  }
  seen.set("output", said.join(""));
  for (const file of readdirSync(folder))
    seen.set(`file ${file}`, readFileSync(join(folder, file), "latin1"));
  return seen;
}

/** Runs into failures on purpose: an embedder that refuses, and credentials that the server rejects. */
async function errorsOf(kubeconfig: string, folder: string): Promise<string> {
  const store = new SqliteStore({ path: join(folder, "failing.sqlite") });
  const refusing = new FakeEmbedder({
    onEmbed: () => {
      throw new BinnacleError("refused", "The embedder refuses on purpose.");
    },
  });
  const index = defineIndex({
    name: "failing",
    chunker: await createChunker(),
    embedder: refusing,
    fields: kubernetesFields,
  });
  const source = createKubernetesSource({ cluster: "lab", access: kubeconfigAccess({ path: kubeconfig }) });
  try {
    const report = await createIndexer({ store, index }).sync(source);
    return JSON.stringify(report);
  } catch (error) {
    return described(error);
  } finally {
    await source.close();
    await store.close();
  }
}

function described(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : described(error.cause);
  return [error.stack, JSON.stringify(error), cause].join("\n");
}

/** Records what the process prints while the index is built. */
function recordOutput(said: string[]): () => void {
  const { stdout, stderr } = process;
  const [out, err] = [stdout.write, stderr.write];
  const record = (text: string | Uint8Array): boolean => {
    said.push(typeof text === "string" ? text : Buffer.from(text).toString());
    return true;
  };
  stdout.write = record;
  stderr.write = record;
  return () => {
    stdout.write = out;
    stderr.write = err;
  };
}
