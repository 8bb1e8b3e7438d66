import { setTimeout as sleep } from "node:timers/promises";
import { MemoryStore } from "@binnacle/retriever";
import { QdrantStore } from "@binnacle/retriever/qdrant";
import { startQdrant } from "../../../servers/qdrant.ts";
import { fill, filledBatches, filledSpec, randomNumbers, randomQuery } from "../../filled-store.ts";
import { atLeast, shown, unmeasured, type Experiment } from "../experiment.ts";

const allPoints = 30_000;
const queries = 200;
const least = 0.99;
const longestWaitMs = 300_000;

/**
 * SB-M3: int8 vectors with rescoring beside exact search. Qdrant's double neither quantizes nor has a graph.
 */
export const quantizedRecall: Experiment = {
  title: "recall of ten by int8 vectors with rescoring, beside exact search",
  missing: () => Promise.resolve(undefined),
  run: async ({ seed, share }) => {
    if (process.env["QDRANT_URL"] === undefined)
      return [unmeasured("recall@10", `>= ${least}`, "QDRANT_URL")];
    const server = await startQdrant();
    const store = new QdrantStore({
      url: server.url,
      apiKey: server.apiKey,
      collections: { quantization: "int8" },
    });
    const exact = new MemoryStore();
    const points = Math.ceil(allPoints * share);
    try {
      await store.deleteCollection(filledSpec.name);
      const remote = await fill(store, filledBatches(points, randomNumbers(seed)));
      const local = await fill(exact, filledBatches(points, randomNumbers(seed)));
      await untilIndexed(store);
      const random = randomNumbers(seed + 1);
      let found = 0;
      for (let i = 0; i < queries; i++) {
        const query = randomQuery("dense", random);
        const [hits, best] = await Promise.all([remote.search(query), local.search(query)]);
        const ids = new Set(hits.map(({ id }) => id));
        found += best.filter(({ id }) => ids.has(id)).length / best.length;
      }
      return [atLeast("recall@10", found / queries, least, "share"), shown("points", points, "points")];
    } finally {
      await store.deleteCollection(filledSpec.name);
      await Promise.all([store.close(), exact.close(), server.close()]);
    }
  },
};

/** The server builds its graph after the writes, and is degraded until it has. */
async function untilIndexed(store: QdrantStore): Promise<void> {
  for (const end = Date.now() + longestWaitMs; Date.now() < end; await sleep(1_000)) {
    const { status } = await store.health();
    if (status === "ok") return;
  }
  throw new Error("the server did not finish its index within 300 s");
}
