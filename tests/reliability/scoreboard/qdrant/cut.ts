import { QdrantStore } from "@binnacle/retriever/qdrant";
import { startFaultProxy, type ProxyRule } from "../../../servers/fault-proxy.ts";
import { qdrantMissing, startQdrant } from "../../../servers/qdrant.ts";
import { randomNumbers } from "../../filled-store.ts";
import { exactly, shown, type Experiment } from "../experiment.ts";
import { batchOf, compareWithPlan, spec } from "./ingest-check.ts";

const allBatches = 100;
const faults = ["cut before the server", "cut after the server", "cut in the answer", "hang"] as const;

/**
 * SB-Q2: connections break before, during and after the server's work, and some requests are never answered.
 */
export const qdrantCut: Experiment = {
  title: "requests whose connection breaks or hangs at any moment of an ingest",
  missing: () => Promise.resolve(qdrantMissing()),
  run: async ({ seed, share }) => {
    const batches = Math.ceil(allBatches * share);
    const server = await startQdrant();
    const random = randomNumbers(seed);
    const counts = new Map<string, number>();
    const rule: ProxyRule = async (_, forward) => {
      const fault = random() < 0.3 ? faults[Math.floor(random() * faults.length)] : undefined;
      if (fault === undefined) return forward();
      counts.set(fault, (counts.get(fault) ?? 0) + 1);
      if (fault === "cut before the server") return "cut";
      if (fault === "cut in the answer") return "cut-answer";
      if (fault === "cut after the server") await forward();
      return fault === "hang" ? "hang" : "cut";
    };
    const { url, apiKey } = server;
    const direct = new QdrantStore({ url, apiKey });
    await direct.deleteCollection(spec.name);
    await direct.ensureCollection(spec);
    const proxy = await startFaultProxy(url, rule);
    const store = new QdrantStore({ url: proxy.url, apiKey, timeoutMs: 3_000 });
    let rejected = 0;
    try {
      for (let number = 0; number < batches;) {
        try {
          const { failures } = await store.collection(spec.name).write(batchOf(seed, number));
          for (const failure of failures.values()) throw failure;
          number += 1;
        } catch {
          rejected += 1; // the caller writes the same again
        }
      }
      const found = await compareWithPlan(direct.collection(spec.name), seed, batches);
      return [
        exactly("acknowledged points lost", found.lost, 0, "points"),
        exactly("points twice or beyond the plan", found.surplus, 0, "points"),
        exactly("points with another text, metadata or vector", found.different, 0, "points"),
        ...faults.map((fault) => shown(`requests ${fault}`, counts.get(fault) ?? 0, "requests")),
        shown("writes that rejected", rejected, "writes"),
        shown("points at the end", found.points, "points"),
      ];
    } finally {
      await Promise.all([store.close(), proxy.close()]);
      await direct.deleteCollection(spec.name);
      await Promise.all([direct.close(), server.close()]);
    }
  },
};
