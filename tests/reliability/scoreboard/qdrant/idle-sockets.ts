import { setTimeout as sleep } from "node:timers/promises";
import { QdrantStore } from "@binnacle/retriever/qdrant";
import { startFaultProxy, type ProxyRule } from "../../../servers/fault-proxy.ts";
import { qdrantMissing, startQdrant } from "../../../servers/qdrant.ts";
import { randomNumbers } from "../../filled-store.ts";
import { exactly, shown, type Experiment } from "../experiment.ts";
import { spec } from "./ingest-check.ts";

const allRequests = 10_000;
const lanes = 50;
const idleMs = 20;
const counted = JSON.stringify({ result: { count: 1 }, status: "ok", time: 0 });

/** SB-Q6: requests leave at the moment at which the server closes the idle connection. */
export const idleSockets: Experiment = {
  title: "requests at the moment at which the server closes idle connections",
  missing: () => Promise.resolve(qdrantMissing()),
  run: async ({ seed, share }) => {
    const server = await startQdrant();
    const rule: ProxyRule = async ({ path }, forward) =>
      path.endsWith("/points/count") ? { status: 200, body: counted } : forward();
    const proxy = await startFaultProxy(server.url, rule, { idleMs });
    const store = new QdrantStore({ url: proxy.url, apiKey: server.apiKey });
    try {
      await store.ensureCollection(spec);
      const collection = store.collection(spec.name);
      const ours = await load(allRequests * share, seed, () => collection.count());
      const connections = proxy.connections;
      const path = `${proxy.url}/collections/${spec.name}/points/count`;
      const bare = await load(allRequests * share, seed, async () => {
        const response = await fetch(path, {
          method: "POST",
          body: "{}",
          headers: { "content-type": "application/json" },
        });
        await response.text();
      });
      return [
        exactly(`failed of ${ours.sent} requests`, ours.failed, 0, "requests"),
        shown("connections that they needed", connections, "connections"),
        shown(`failed of ${bare.sent} requests by Node's fetch`, bare.failed, "requests"),
      ];
    } finally {
      await store.deleteCollection(spec.name).catch(() => false);
      await Promise.all([store.close(), proxy.close(), server.close()]);
    }
  },
};

async function load(
  requests: number,
  seed: number,
  send: () => Promise<unknown>,
): Promise<{ readonly sent: number; readonly failed: number }> {
  const random = randomNumbers(seed);
  const each = Math.ceil(requests / lanes);
  let failed = 0;
  const lane = async (): Promise<void> => {
    for (let i = 0; i < each; i++) {
      await send().catch(() => (failed += 1));
      await sleep(idleMs - 1 + Math.round(random() * 2));
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return { sent: each * lanes, failed };
}
