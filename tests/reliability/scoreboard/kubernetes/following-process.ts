// A process to be killed: `following-process.ts KUBECONFIG FILE [IDENTITY]` follows the namespace shop into a SQLite
// store. With an identity it leads first. It prints its state as JSON, five times a second.
import { writeSync } from "node:fs";
import { FakeEmbedder } from "@binnacle/core/testing";
import { createKubernetesSource, createLeaderElection } from "@binnacle/k8s-sync";
import { kubeconfigAccess } from "@binnacle/k8s-sync/kubeconfig";
import { createIndexer } from "@binnacle/retriever";
import { SqliteStore } from "@binnacle/retriever/sqlite";
import { defineLabIndex, labSelection } from "./lab-index.ts";

const [kubeconfig = "", path = "", identity] = process.argv.slice(2);
const access = kubeconfigAccess({ path: kubeconfig });
const embedder = new FakeEmbedder();

if (identity === undefined) await follow();
else {
  const times = { leaseMs: 6_000, renewDeadlineMs: 4_000, retryMs: 500 };
  const election = createLeaderElection({ access, namespace: "default", name: "lab", identity, ...times });
  say("waiting");
  await election.run(follow);
}

/** Follows until the process is killed or the signal fires. */
async function follow(signal?: AbortSignal): Promise<void> {
  const store = new SqliteStore({ path });
  // The killed process cannot give its lease back.
  const indexer = createIndexer({
    store,
    index: await defineLabIndex(embedder),
    leaseMs: 3_000,
    allowMassDelete: true,
  });
  const handle = indexer.follow(createKubernetesSource({ cluster: "lab", access, ...labSelection }), {
    flushMs: 50,
  });
  signal?.addEventListener("abort", () => void handle.close(), { once: true });
  const timer = setInterval(() => {
    const { phase, waiting, scopes } = handle.status();
    say(phase, waiting, Math.min(...scopes.map(({ asOf = 0 }) => asOf)));
  }, 200);
  await handle.done.finally(() => clearInterval(timer));
}

function say(phase: string, waiting = 0, asOf = 0): void {
  const known = Number.isFinite(asOf) ? asOf : 0;
  writeSync(1, `${JSON.stringify({ phase, waiting, asOf: known, embedded: embedder.embedded.length })}\n`);
}
