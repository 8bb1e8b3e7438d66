import type { Collection } from "@binnacle/core";
import { QdrantStore } from "@binnacle/retriever/qdrant";
import { z } from "zod";
import {
  startFaultProxy,
  type Forward,
  type ProxiedRequest,
  type ProxyAnswer,
  type ProxyRule,
} from "../../../servers/fault-proxy.ts";
import { qdrantMissing, startQdrant } from "../../../servers/qdrant.ts";
import { randomNumbers } from "../../filled-store.ts";
import { exactly, shown, type Experiment } from "../experiment.ts";
import { batchOf, compareWithPlan, spec } from "./ingest-check.ts";

const allBatches = 60;
const body = z.object({ operations: z.array(z.unknown()) });

/** Answers that confirm no write, some of them after a part of it. */
const answers: Readonly<Record<string, (request: ProxiedRequest, forward: Forward) => Promise<ProxyAnswer>>> =
  {
    wait_timeout: (request) => unapplied(request, "wait_timeout"),
    acknowledged: (request) => unapplied(request, "acknowledged"),
    "202": async () => ({ status: 202, body: JSON.stringify({ status: "accepted", time: 0 }) }),
    "200 without a result": async () => ({ status: 200, body: JSON.stringify({ status: "ok", time: 0 }) }),
    "408": () => refused(408, "Timeout error: Timed out"),
    "500": () => refused(500, "Service internal error"),
    "500 after half of the operations": async ({ body: sent }, forward) => {
      const { operations } = body.parse(JSON.parse(String(sent)));
      await forward(JSON.stringify({ operations: operations.slice(0, Math.ceil(operations.length / 2)) }));
      return refused(500, "Service internal error: 1 of 2 operations failed");
    },
  };

/** SB-Q3: the server answers, but its answer confirms nothing. */
export const qdrantUnconfirmed: Experiment = {
  title: "answers that confirm no write: wait_timeout, acknowledged, 202, 408, 500",
  missing: () => Promise.resolve(qdrantMissing()),
  run: async ({ seed, share }) => {
    const server = await startQdrant();
    const random = randomNumbers(seed);
    const counts = new Map<string, number>();
    const rule: ProxyRule = async (request, forward) => {
      if (!request.path.includes("/points/batch") || random() < 0.5) return forward();
      const [name, answer] =
        Object.entries(answers)[Math.floor(random() * Object.keys(answers).length)] ?? [];
      if (name === undefined || answer === undefined) return forward();
      counts.set(name, (counts.get(name) ?? 0) + 1);
      return answer(request, forward);
    };
    const { url, apiKey } = server;
    const direct = new QdrantStore({ url, apiKey });
    await direct.deleteCollection(spec.name);
    await direct.ensureCollection(spec);
    const proxy = await startFaultProxy(url, rule);
    // One attempt: a retry would hide what the answer was taken for.
    const store = new QdrantStore({ url: proxy.url, apiKey, maxAttempts: 1 });
    const batches = Math.ceil(allBatches * share);
    let [absent, rejected] = [0, 0];
    try {
      for (let number = 0; number < batches;) {
        try {
          const { failures } = await store.collection(spec.name).write(batchOf(seed, number));
          if (failures.size > 0) throw new Error(`${failures.size} writes failed`);
          absent += (await isThere(direct.collection(spec.name), seed, number)) ? 0 : 1;
          number += 1;
        } catch {
          rejected += 1;
        }
      }
      const found = await compareWithPlan(direct.collection(spec.name), seed, batches);
      return [
        exactly("batches reported done but absent", absent, 0, "batches"),
        exactly(
          "points lost, surplus or different at the end",
          found.lost + found.surplus + found.different,
          0,
          "points",
        ),
        // A 408 is answered by two halves of the batch, so it rejects nothing.
        exactly(
          "answers that were taken for a success",
          sum(counts) - (counts.get("408") ?? 0) - rejected,
          0,
        ),
        ...[...counts].map(([name, count]) => shown(`answers: ${name}`, count, "answers")),
        shown("batches written", batches, "batches"),
      ];
    } finally {
      await Promise.all([store.close(), proxy.close()]);
      await direct.deleteCollection(spec.name);
      await Promise.all([direct.close(), server.close()]);
    }
  },
};

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((all, count) => all + count, 0);
}

async function isThere(collection: Collection, seed: number, number: number): Promise<boolean> {
  const writes = batchOf(seed, number);
  const points = await collection.get(writes.map(({ id }) => id));
  return writes.every(
    (write, i) => points[i]?.chunk.documentVersion === (write.type === "upsert" ? String(number) : undefined),
  );
}

async function unapplied({ body: sent }: ProxiedRequest, status: string): Promise<ProxyAnswer> {
  const { operations } = body.parse(JSON.parse(String(sent)));
  const result = operations.map((_, i) => ({ operation_id: i, status }));
  return { status: 200, body: JSON.stringify({ result, status: "ok", time: 0 }) };
}

async function refused(status: number, error: string): Promise<ProxyAnswer> {
  return { status, body: JSON.stringify({ status: { error }, time: 0 }) };
}
