import { setTimeout as wait } from "node:timers/promises";
import { widgetDefinition } from "../../../../packages/k8s-sync/src/source/fixtures/real-cluster.ts";
import { kubelabMissing } from "../../../servers/kubelab.ts";
import { exactly, shown, type Experiment } from "../experiment.ts";
import type { FollowedLab } from "./followed-lab.ts";
import { inLab, outcome, seed } from "./server-faults.ts";

const missing = async (): Promise<string | undefined> => kubelabMissing("own");

/** A namespace with many objects is deleted while it is followed. */
export const namespaceDeleted: Experiment = {
  title: "a namespace with many objects is deleted",
  missing,
  run: ({ share }) =>
    inLab({ with: ["kcm"] }, async (lab) => {
      await seed(lab, Math.ceil(1_000 * share));
      await lab.cluster.remove("namespaces", undefined, "shop");
      const figures = await outcome(lab);
      return [...figures, shown("objects deleted", Math.ceil(1_000 * share), "")];
    }),
};

/** A custom type is installed, gets objects, and is deleted. */
export const customTypeLifecycle: Experiment = {
  title: "a custom type is installed, used and deleted",
  missing,
  run: () =>
    inLab({}, async (lab) => {
      await seed(lab, 5);
      await lab.cluster.create("customresourcedefinitions", undefined, widgetDefinition);
      await untilServed(lab);
      const installed = await outcome(lab);
      await lab.cluster.remove("customresourcedefinitions", undefined, "widgets.example.com");
      await wait(1_000);
      return [...installed, ...(await outcome(lab))];
    }),
};

/** An APIService whose server does not exist. */
export const deadApiService: Experiment = {
  title: "an APIService points nowhere",
  missing,
  run: () =>
    inLab({}, async (lab) => {
      await lab.cluster.create("apiservices", undefined, {
        metadata: { name: "v1.dead.example.com" },
        spec: {
          group: "dead.example.com",
          version: "v1",
          groupPriorityMinimum: 100,
          versionPriority: 10,
          insecureSkipTLSVerify: true,
          service: { namespace: "default", name: "nowhere" },
        },
      });
      await seed(lab, 20);
      return await outcome(lab);
    }),
};

/** Objects are deleted and created again with the same names between two runs. */
export const changedWhileDown: Experiment = {
  title: "objects change while the process is down; unchanged ones cost nothing",
  missing,
  run: () =>
    inLab({}, async (lab) => {
      await seed(lab, 100);
      await lab.unfollow();
      const before = lab.embedded;
      lab.follow();
      await lab.agrees();
      const idle = lab.embedded - before;
      await lab.unfollow();
      await lab.cluster.remove("configmaps", "shop", "config-0");
      await lab.cluster.remove("configmaps", "shop", "config-1");
      await lab.cluster.configMap("shop", "config-1");
      await lab.lab.restart();
      lab.follow();
      const figures = await outcome(lab);
      return [exactly("embeddings of a restart without changes", idle, 0), ...figures];
    }),
};

async function untilServed(lab: FollowedLab): Promise<void> {
  const widget = {
    apiVersion: "example.com/v1",
    kind: "Widget",
    metadata: { name: "w1" },
    spec: { size: 3 },
  };
  for (let tries = 0; tries < 100; tries += 1) {
    try {
      await lab.cluster.create("widgets", "shop", widget);
      return;
    } catch {
      await wait(100); // the type is not served yet
    }
  }
}
