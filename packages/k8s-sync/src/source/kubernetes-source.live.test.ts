import type { SourceChange } from "@binnacle/core";
import { documentSourceContract, type DocumentSourceSubject } from "@binnacle/core/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../../../../tests/servers/free-port.ts";
import { kubelabMissing, startKubelab, type Kubelab } from "../../../../tests/servers/kubelab.ts";
import { kubeconfigAccess } from "../kubeconfig/kubeconfig-access.ts";
import { identityOf } from "../objects/kubernetes-object.ts";
import { createKubernetesSource, type KubernetesSource } from "./create-kubernetes-source.ts";
import { RealCluster, widgetDefinition } from "./fixtures/real-cluster.ts";
import type { KubernetesSourceOptions } from "./kubernetes-source-options.ts";

const missing = kubelabMissing("own");
let lab: Kubelab;
let cluster: RealCluster;
let made = 0;

const sourceOf = (options: Partial<KubernetesSourceOptions> = {}): KubernetesSource =>
  createKubernetesSource({ cluster: "lab", access: kubeconfigAccess({ path: lab.kubeconfig }), ...options });

/** Follows a source until the condition holds. */
async function followed(
  source: KubernetesSource,
  isDone: (said: readonly SourceChange[]) => boolean,
  resume?: ReadonlyMap<string, string>,
): Promise<readonly SourceChange[]> {
  const said: SourceChange[] = [];
  const signal = AbortSignal.timeout(60_000);
  for await (const change of source.changes({ follow: true, resume, signal })) {
    said.push(change);
    if (isDone(said)) break;
  }
  return said;
}

const isComplete = (said: readonly SourceChange[], scope: string): boolean =>
  said.some((change) => change.type === "listing" && change.scope === scope && change.state === "complete");
const checkpointsOf = (said: readonly SourceChange[]): ReadonlyMap<string, string> =>
  new Map(said.flatMap((change) => (change.type === "checkpoint" ? [[change.scope, change.resume]] : [])));
const idsOf = (said: readonly SourceChange[]): readonly string[] =>
  said.flatMap((change) => (change.type === "upsert" ? [change.documentId] : []));

describe.skipIf(missing !== undefined)(
  `a real API server${missing === undefined ? "" : ` (${missing})`}`,
  () => {
    beforeAll(async () => {
      lab = await startKubelab({ own: true });
      cluster = new RealCluster(lab.kubeconfig);
    }, 180_000);
    afterAll(async () => {
      await cluster?.close();
      await lab?.close();
    });

    const create = async (): Promise<DocumentSourceSubject> => {
      const namespace = `contract-${(made += 1)}`;
      await cluster.namespace(namespace);
      const objects = await Promise.all(["a", "b", "c"].map((name) => cluster.configMap(namespace, name)));
      const names = new Map(
        objects.map((object) => [`lab/${identityOf(object).uid}`, identityOf(object).name]),
      );
      const source = sourceOf({
        namespaces: { include: [namespace] },
        kinds: { include: ["configmaps"] },
        forbiddenRetryMs: 100,
      });
      return {
        source,
        documentIds: [...names.keys()],
        lists: true,
        content: {
          put: async (id) =>
            void (await cluster.patch("configmaps", namespace, names.get(id) ?? "", {
              metadata: { labels: { change: String((made += 1)) } },
            })),
          remove: (id) => cluster.remove("configmaps", namespace, names.get(id) ?? ""),
        },
        dispose: () => source.close(),
      };
    };
    for (const { name, run } of documentSourceContract(create, { changes: true, resumes: true }))
      test(`keeps the contract: ${name}`, run, 60_000);

    test("lists every type of a new cluster, each completely (T39, T42)", async () => {
      const source = sourceOf({ namespaces: { exclude: [] } });
      const said: SourceChange[] = [];
      for await (const change of source.changes({ follow: false })) said.push(change);
      const [scopes = []] = said.flatMap((change) => (change.type === "scopes" ? [change.scopes] : []));
      expect(scopes.length).toBeGreaterThan(30);
      expect(scopes.filter((scope) => !isComplete(said, scope))).toEqual([]);
      expect(scopes).not.toContain("secrets");
      expect(said.filter(({ type }) => type === "degraded")).toEqual([]);
      await source.close();
    });

    test("watches by streaming lists, or by pages on a server without them (T42)", async () => {
      const source = sourceOf({ streamedLists: true, kinds: { include: ["namespaces", "clusterroles"] } });
      const said = await followed(
        source,
        (heard) =>
          isComplete(heard, "namespaces") && isComplete(heard, "clusterroles.rbac.authorization.k8s.io"),
      );
      expect(idsOf(said).length).toBeGreaterThan(50);
      await source.close();
    });

    test("resumes after a compaction that its version survived, and lists again after a restart that it did not (T43)", async () => {
      await cluster.namespace("resume");
      await cluster.configMap("resume", "a");
      const options = { namespaces: { include: ["resume"] }, kinds: { include: ["configmaps"] } } as const;
      const first = sourceOf(options);
      const before = await followed(first, (heard) => checkpointsOf(heard).size === 1);
      await first.close();
      const added = await cluster.configMap("resume", "b");
      const second = sourceOf(options);
      const resumed = await followed(second, (heard) => idsOf(heard).length > 0, checkpointsOf(before));
      expect(resumed.some(({ type }) => type === "listing")).toBe(false);
      expect(idsOf(resumed)).toEqual([`lab/${identityOf(added).uid}`]);
      await second.close();
      await cluster.remove("configmaps", "resume", "a");
      await lab.restart(); // the watch cache begins now, so that every older version gets 410
      const third = sourceOf(options);
      const listed = await followed(
        third,
        (heard) => isComplete(heard, "configmaps/resume"),
        checkpointsOf(before),
      );
      expect(idsOf(listed)).toContain(`lab/${identityOf(added).uid}`);
      await third.close();
    }, 120_000);

    test("goes on by itself after the server was killed and is back (T43)", async () => {
      await cluster.namespace("killed");
      const source = sourceOf({ namespaces: { include: ["killed"] }, kinds: { include: ["configmaps"] } });
      let restarting: Promise<unknown> | undefined;
      const restart = async (): Promise<unknown> => {
        lab.signal("SIGKILL");
        await new Promise((resolve) => setTimeout(resolve, 3_000)); // several attempts fail
        await lab.restart();
        return await cluster.configMap("killed", "after");
      };
      const said = await followed(source, (heard) => {
        if (!isComplete(heard, "configmaps/killed")) return false;
        restarting ??= restart();
        return idsOf(heard).length > 0;
      });
      await restarting;
      expect(said.some(({ type }) => type === "degraded")).toBe(true);
      await source.close();
    }, 120_000);

    test("finds a custom type that is installed, and removes its scope when it is deleted (T39)", async () => {
      await cluster.namespace("custom");
      const source = sourceOf();
      let step: Promise<unknown> | undefined;
      const install = async (): Promise<void> => {
        await cluster.create("customresourcedefinitions", undefined, widgetDefinition);
        for (let tries = 0; tries < 50; tries += 1) {
          try {
            await cluster.create("widgets", "custom", {
              apiVersion: "example.com/v1",
              kind: "Widget",
              metadata: { name: "w1" },
              spec: { size: 3 },
            });
            return;
          } catch {
            await new Promise((resolve) => setTimeout(resolve, 100)); // the type is not served yet
          }
        }
      };
      let isDeleting = false;
      const said = await followed(source, (heard) => {
        if (!isComplete(heard, "customresourcedefinitions.apiextensions.k8s.io")) return false;
        step ??= install();
        const isSeen = heard.some(
          (change) => change.type === "upsert" && change.scope === "widgets.example.com",
        );
        if (isSeen && !isDeleting) {
          isDeleting = true;
          step = cluster.remove("customresourcedefinitions", undefined, "widgets.example.com");
        }
        return heard.some((change) => change.type === "removed" && change.scope === "widgets.example.com");
      });
      await step;
      expect(said.findLast((change) => change.type === "scopes")).toBeDefined();
      await source.close();
    }, 120_000);

    test("reports types that a user may not list, and lists them once a role is bound (T39)", async () => {
      await cluster.namespace("rights");
      const access = kubeconfigAccess({ path: lab.kubeconfig });
      const viewer = async () => ({
        ...(await access()),
        credentials: async () => {
          const { tls } = (await (await access()).credentials?.()) ?? {};
          return { headers: { authorization: "Bearer viewer-token" }, tls };
        },
      });
      const options = { access: viewer, kinds: { include: ["configmaps", "pods"] }, forbiddenRetryMs: 300 };
      const source = sourceOf(options);
      const once = (async () => {
        for await (const change of source.changes({ follow: false })) expect(change.type).not.toBe("listing");
      })();
      await expect(once).rejects.toMatchObject({ code: "no_rights" });
      await cluster.create("clusterroles", undefined, {
        metadata: { name: "reader" },
        rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list", "watch"] }],
      });
      const subjects = [{ kind: "User", name: "viewer", apiGroup: "rbac.authorization.k8s.io" }];
      const roleRef = { kind: "ClusterRole", name: "reader", apiGroup: "rbac.authorization.k8s.io" };
      await cluster.create("clusterrolebindings", undefined, {
        metadata: { name: "reader" },
        subjects,
        roleRef,
      });
      const said = await followed(
        source,
        (heard) =>
          isComplete(heard, "configmaps") &&
          heard.some((change) => change.type === "degraded" && change.scope === "pods"),
      );
      expect(said.some((change) => change.type === "listing" && change.scope === "pods")).toBe(false);
      await source.close();
    }, 60_000);

    test("keeps all other types if an APIService points nowhere (T39)", async () => {
      const name = "v1.dead.example.com";
      await cluster.create("apiservices", undefined, {
        metadata: { name },
        spec: {
          group: "dead.example.com",
          version: "v1",
          groupPriorityMinimum: 100,
          versionPriority: 10,
          insecureSkipTLSVerify: true,
          service: { namespace: "default", name: "nowhere" },
        },
      });
      const events: string[] = [];
      const source = sourceOf({ onEvent: ({ type }) => events.push(type) });
      const said: SourceChange[] = [];
      for await (const change of source.changes({ follow: false })) said.push(change);
      expect(isComplete(said, "namespaces")).toBe(true);
      expect(events).toContain("api-unavailable");
      await cluster.remove("apiservices", undefined, name);
      await source.close();
    }, 60_000);

    test("distinguishes a wrong server, a wrong authority and a wrong token", async () => {
      const access = await kubeconfigAccess({ path: lab.kubeconfig })();
      const read = async (options: Partial<KubernetesSourceOptions>): Promise<unknown> => {
        const source = sourceOf(options);
        try {
          for await (const change of source.changes({ follow: false })) return change;
          return undefined;
        } catch (error) {
          return error;
        } finally {
          await source.close();
        }
      };
      const tls = (await access.credentials?.())?.tls;
      const wrongToken = async () => ({ headers: { authorization: "Bearer wrong-token-4711" }, tls });
      expect(
        await read({
          access: { url: `https://127.0.0.1:${await freePort()}`, credentials: access.credentials },
        }),
      ).toMatchObject({ code: "unreachable" });
      expect(await read({ access: { url: access.url } })).toMatchObject({ code: "tls_failed" });
      const refused = await read({ access: { url: access.url, credentials: wrongToken } });
      expect(refused).toMatchObject({ code: "http_401" });
      expect(String(refused)).not.toContain("4711");
    });
  },
);
