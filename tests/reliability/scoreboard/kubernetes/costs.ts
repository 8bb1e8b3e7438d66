import { setTimeout as wait } from "node:timers/promises";
import { kubelabMissing } from "../../../servers/kubelab.ts";
import { atMost, exactly, shown, type Experiment } from "../experiment.ts";
import type { FollowedLab } from "./followed-lab.ts";
import { inLab, outcome, seed } from "./server-faults.ts";

const missing = async (): Promise<string | undefined> => kubelabMissing("own");

/** Many changes that change no document. */
export const statusChurn: Experiment = {
  title: "changes that change no document",
  missing,
  run: ({ share }) =>
    inLab({}, async (lab) => {
      const changes = Math.ceil(2_000 * share);
      await seed(lab, 20);
      const before = lab.embedded;
      await patchAll(lab, changes, (change) => ({
        metadata: {
          annotations: { "control-plane.alpha.kubernetes.io/leader": `{"renewTime":"${change}"}` },
        },
      }));
      const figures = await outcome(lab);
      return [exactly("embeddings", lab.embedded - before, 0), shown("changes", changes, ""), ...figures];
    }),
};

/** Changes come much faster than the embedder works. */
export const slowEmbedder: Experiment = {
  title: "300 changes a second, and an embedder of 10 texts a second",
  missing,
  run: ({ outageMs }) =>
    inLab({}, async (lab) => {
      await seed(lab, 20);
      const before = lab.embedded;
      lab.embedMs = 100;
      const changes = Math.ceil((300 * outageMs) / 1_000);
      const heapBefore = process.memoryUsage().heapUsed;
      await patchAll(lab, changes, (change) => ({ metadata: { labels: { change: String(change) } } }), 300);
      const heap = (process.memoryUsage().heapUsed - heapBefore) / 2 ** 20;
      lab.embedMs = 0;
      const figures = await outcome(lab);
      const embedded = lab.embedded - before;
      return [
        atMost("embeddings per change", embedded / changes, 0.5, ""),
        shown("heap growth", heap, "MiB"),
        ...figures,
      ];
    }),
};

/** The store refuses every call during changes. */
export const storeDown: Experiment = {
  title: "the store is down during changes",
  missing,
  run: ({ outageMs }) =>
    inLab({}, async (lab) => {
      await seed(lab, 20);
      lab.isStoreDown = true;
      for (const end = Date.now() + outageMs; Date.now() < end; await wait(50))
        await lab.cluster.configMap("shop", `during-${Date.now()}`);
      await lab.cluster.remove("configmaps", "shop", "config-3");
      lab.isStoreDown = false;
      return await outcome(lab);
    }),
};

async function patchAll(
  lab: FollowedLab,
  changes: number,
  fieldsOf: (change: number) => object,
  perSecond = Infinity,
): Promise<void> {
  const startedAt = performance.now();
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let change = next++; change < changes; change = next++) {
      const dueIn = startedAt + (1_000 * change) / perSecond - performance.now();
      if (dueIn > 0) await wait(dueIn);
      await lab.cluster.patch("configmaps", "shop", `config-${change % 20}`, fieldsOf(change));
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}
