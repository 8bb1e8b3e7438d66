import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { loadAllYaml, loadYaml } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { freePort } from "../../../tests/servers/free-port.ts";
import { kubelabMissing, startKubelab, type Kubelab } from "../../../tests/servers/kubelab.ts";
import type { CommonOptions } from "./cli/common-options.ts";
import { ask } from "./commands/ask.ts";
import { history } from "./commands/history.ts";
import { rbac } from "./commands/rbac.ts";
import { remove } from "./commands/remove.ts";
import { snapshot } from "./commands/snapshot.ts";
import { status } from "./commands/status.ts";
import { verify } from "./commands/verify.ts";
import { watch } from "./commands/watch.ts";
import { countTokens } from "./assistant/token-budget.ts";
import { talk } from "./testing/talk.ts";
import { createApiClient, type ApiClient } from "./testing/api-client.ts";
import { toolList, toolText } from "./testing/mcp-replies.ts";
import { runCommand, type CommandRun } from "./testing/run-command.ts";

const missing = kubelabMissing("own");
const shop: unknown = JSON.parse(await readFile(new URL("../shop.json", import.meta.url), "utf8"));
const kustomization = z.object({ resources: z.array(z.string()) });
const secret = "correct-horse-battery";

describe.skipIf(missing !== undefined)(
  `k8s-assistant on a real API server${missing ? ` (${missing})` : ""}`,
  () => {
    let lab: Kubelab;
    let api: ApiClient;
    let data: string;
    let options: CommonOptions;

    beforeAll(async () => {
      lab = await startKubelab({ own: true });
      api = await createApiClient(lab.kubeconfig);
      await api.apply(shop);
      data = await mkdtemp(join(tmpdir(), "k8s-assistant-"));
      options = { json: true, data, kubeconfig: lab.kubeconfig, cluster: "lab" };
    });

    afterAll(async () => {
      await lab.close();
      await rm(data, { recursive: true, force: true });
    });

    const take = (
      given: Partial<CommonOptions> & { namespace?: string[]; kind?: string[] } = {},
    ): Promise<CommandRun> => runCommand(snapshot, { ...options, allowMassDelete: false, ...given });
    const check = (given: Partial<CommonOptions> = {}): Promise<CommandRun> =>
      runCommand(verify, { ...options, limit: 20, ...given });
    const answer = async (question: string, given: object = {}): Promise<CommandRun> =>
      runCommand(ask, { ...options, question, budget: 2_000, checkAccess: false, ...given });

    /** Writes a kubeconfig with changed text beside the real one, so that its relative paths hold. */
    async function kubeconfigWith(name: string, change: (text: string) => string): Promise<string> {
      const path = join(dirname(lab.kubeconfig), name);
      await writeFile(path, change(await readFile(lab.kubeconfig, "utf8")));
      return path;
    }

    test("indexes a cluster, costs nothing the second time, and proves that it is in step", async () => {
      const first = await take();
      expect(first).toMatchObject({ status: 0, results: [{ cluster: "lab", documents: { failed: 0 } }] });
      expect(await take()).toMatchObject({
        status: 0,
        results: [
          {
            documents: { added: 0, changed: 0, removed: 0 },
            embeddings: 0,
            pointsWritten: 0,
            pointsDeleted: 0,
          },
        ],
      });
      expect(await check()).toMatchObject({
        status: 0,
        results: [{ ok: true, differences: [], unchecked: [] }],
      });
      expect(await runCommand(status, options)).toMatchObject({ status: 0, results: [{ followed: false }] });
    });

    test("answers counts, lists and relations exactly, with object, version and age (T4)", async () => {
      const counted = await answer("How many deployments are in namespace shop?");
      expect(counted.results).toMatchObject([{ route: "count", mode: "exact", count: 3 }]);
      const listed = await answer("Which deployments use image nginx?");
      expect(listed.results).toMatchObject([
        {
          count: 1,
          sources: [
            {
              object: expect.stringMatching(/^Deployment\/shop\/web@\d+$/),
              age: expect.stringMatching(/^\d+ s ago$/),
            },
          ],
        },
      ]);
      const related = await answer("What depends on configmap cart-config?");
      expect(related.lines.join("\n")).toMatch(/readBy Deployment\/shop\/cart@\d+/);
      const volume = await answer("What mounts pvc orders?");
      expect(volume.lines.join("\n")).toMatch(/mountedBy Deployment\/shop\/payments@\d+/);
    });

    test("tells what changed as redacted differences, which verify knows", async () => {
      await take();
      const path = "/apis/apps/v1/namespaces/shop/deployments/web";
      await api.send("PATCH", path, { spec: { replicas: 4 } });
      await take();
      const told = await answer("What changed in shop in the last 5 minutes?");
      expect(told.results).toMatchObject([{ route: "changes", mode: "exact", warnings: expect.any(Array) }]);
      expect(told.lines.join("\n")).toMatch(/changed Deployment\/shop\/web@\d+/);
      expect(told.lines.join("\n")).toContain("+ Deployment web in namespace shop has 0 of 4 replicas ready");
      const listed = await runCommand(history, {
        ...options,
        since: "5 minutes",
        kind: ["Deployment"],
        limit: 5,
      });
      expect(listed.lines[0]).toMatch(/changed Deployment\.apps\/shop\/web@\d+$/);
      expect(await check()).toMatchObject({
        status: 0,
        results: [{ history: { histories: expect.any(Number), differences: [] } }],
      });
      await api.send("PATCH", path, { spec: { replicas: 2 } });
      await take();
    });

    test("says that the index does not name what a question asks for", async () => {
      expect((await answer("Is there a Redis?")).results).toMatchObject([{ mode: "none" }]);
      expect((await answer("How many pods are in namespace bank?")).results).toMatchObject([
        { count: 0, warnings: expect.arrayContaining(['The index has no namespace "bank".']) },
      ]);
    });

    test("reads the cluster for a question about now, with the asker's rights", async () => {
      await api.send("PATCH", "/apis/apps/v1/namespaces/shop/deployments/cart", { spec: { replicas: 5 } });
      const now = await answer("How many replicas has deployment cart right now?");
      expect(now.results).toMatchObject([{ route: "live", mode: "live", sources: [{ age: "now" }] }]);
      expect(now.lines.join("\n")).toMatch(/of 5 replicas/);
      const viewer = await kubeconfigWith("viewer", (text) => text.replace("admin-token", "viewer-token"));
      const refused = await answer("How many replicas has deployment cart right now?", {
        kubeconfig: viewer,
      });
      expect(refused.lines.join("\n")).toMatch(/1 objects may not be read with your rights/);
      expect(refused.lines.join("\n")).not.toMatch(/replicas ready/);
      const withheld = await answer("Which deployments are in shop?", {
        kubeconfig: viewer,
        checkAccess: true,
      });
      expect(withheld.results).toMatchObject([{ count: 0 }]);
    });

    test("finds what is missing, stale and orphaned, and fails", async () => {
      await take();
      await api.send("PATCH", "/apis/apps/v1/namespaces/shop/deployments/web", { spec: { replicas: 3 } });
      await api.send("DELETE", "/api/v1/namespaces/shop/services/cart");
      await api.send("POST", "/api/v1/namespaces/shop/configmaps", {
        metadata: { name: "extra" },
        data: { A: "b" },
      });
      const { status: code, results } = await check();
      expect(code).toBe(1);
      expect(results).toMatchObject([{ ok: false, counts: { stale: 1, foreign: 0 } }]);
      const keys = JSON.stringify(results);
      for (const key of ["Deployment.apps/shop/web", "Service/shop/cart", "ConfigMap/shop/extra"])
        expect(keys).toContain(key);
      await take();
      expect(await check()).toMatchObject({ status: 0 });
    });

    test("follows changes, and says how current it is while it does", async () => {
      const stopping = new AbortController();
      const running = runCommand(watch, { ...options, allowMassDelete: false, signal: stopping.signal });
      try {
        await expect
          .poll(async () => (await runCommand(status, options)).results, { timeout: 60_000, interval: 500 })
          .toMatchObject([{ followed: true, scopes: expect.anything() }]);
        await api.send("POST", "/api/v1/namespaces/shop/configmaps", {
          metadata: { name: "followed" },
          data: { A: "b" },
        });
        await expect
          .poll(async () => (await answer("List configmaps named followed")).results, {
            timeout: 60_000,
            interval: 500,
          })
          .toMatchObject([{ count: 1, warnings: [] }]);
      } finally {
        stopping.abort();
      }
      expect((await running).status).toBe(0);
      expect(await check()).toMatchObject({ status: 0, results: [{ ok: true }] });
    });

    test("refuses what cannot work, and leaves the index as it is", async () => {
      const before = (await runCommand(status, options)).results;
      const expectRefusal = async (code: string, given: Parameters<typeof take>[0]): Promise<void> => {
        expect(await take(given), code).toMatchObject({ status: 1, results: [{ error: { code } }] });
      };
      const config = (name: string, from: string | RegExp, to: string): Promise<string> =>
        kubeconfigWith(name, (text) => text.replace(from, to));
      await expectRefusal("no_kubeconfig", { kubeconfig: join(data, "none") });
      await expectRefusal("http_401", {
        kubeconfig: await config("expired", "admin-token", "expired-token"),
      });
      await expectRefusal("unreachable", {
        kubeconfig: await config("away", /127\.0\.0\.1:\d+/, `127.0.0.1:${await freePort()}`),
      });
      await expectRefusal("tls_failed", {
        kubeconfig: await config("ca", "certificate-authority: apiserver.crt", "tls-server-name: kubernetes"),
      });
      await expectRefusal("invalid_kubeconfig", { context: "nowhere" });
      await expectRefusal("unknown_namespace", { namespace: ["shp"] });
      await expectRefusal("unknown_kind", { kind: ["Deploymint"] });
      await expectRefusal("no_rights", { kubeconfig: await config("viewer", "admin-token", "viewer-token") });
      const record = join(data, "clusters/lab.json");
      const text = await readFile(record, "utf8");
      await writeFile(record, text.replace(/"uid":"[^"]+"/, '"uid":"another"'));
      await expectRefusal("other_cluster", {});
      expect(await check()).toMatchObject({ status: 1, results: [{ error: { code: "other_cluster" } }] });
      await writeFile(record, text);
      expect((await runCommand(status, options)).results).toEqual(before);
      expect(await check()).toMatchObject({ status: 0 });
    });

    test("prints a role and a deployment that the server accepts", async () => {
      const { results } = await runCommand(rbac, {
        ...options,
        name: "k8s-sync",
        accountNamespace: "k8s-sync",
      });
      const text = JSON.stringify(results[0]);
      expect(text).not.toContain('"*"');
      expect(text).not.toContain('"secrets"');
      await api.apply({ items: results[0] }, { dryRun: true });
      await api.send("POST", "/api/v1/namespaces", { metadata: { name: "k8s-sync" } });
      const folder = new URL("../deploy/base/", import.meta.url);
      const { resources } = kustomization.parse(
        loadYaml(await readFile(new URL("kustomization.yaml", folder), "utf8")),
      );
      for (const name of resources.filter((file) => file !== "namespace.yaml")) {
        const items: readonly unknown[] = loadAllYaml(await readFile(new URL(name, folder), "utf8"));
        await api.apply({ items }, { dryRun: true });
        // The role of the base is the role of this version of the API server, to the letter.
        if (name === "cluster-role.yaml") expect(items).toEqual(results[0]);
      }
    });

    test("serves bounded, read-only tools over MCP, none of which shows a secret", async () => {
      const call = (id: number, method: string, params: object): string =>
        JSON.stringify({ jsonrpc: "2.0", id, method, params });
      const tool = (id: number, name: string, given: object): string =>
        call(id, "tools/call", { name, arguments: given });
      const client = {
        protocolVersion: "2025-06-18",
        capabilities: {},
        clientInfo: { name: "test", version: "1" },
      };
      const input = [
        call(1, "initialize", client),
        JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" }),
        call(2, "tools/list", {}),
        tool(3, "count_objects", { kinds: ["Deployment"], namespaces: ["shop"] }),
        tool(4, "list_objects", { maxTokens: 150 }),
        tool(5, "get_object_now", { kind: "Secret", namespace: "shop", name: "payments-db" }),
        tool(6, "related_objects", { kind: "ConfigMap", namespace: "shop", name: "cart-config" }),
      ];
      const replies = await talk(["mcp", "--data", data, "--kubeconfig", lab.kubeconfig], input, 6);
      const { tools } = toolList.parse(replies.get(2)).result;
      expect(tools.map(({ name }) => name)).toContain("get_object_now");
      expect(tools.every(({ annotations }) => annotations.readOnlyHint)).toBe(true);
      const textOf = (id: number): string => toolText.parse(replies.get(id)).result.content[0]?.text ?? "";
      expect(textOf(3)).toMatch(/^3 Deployment/);
      expect(countTokens(textOf(4))).toBeLessThanOrEqual(150);
      expect(textOf(4)).toMatch(/\d+ more lines had no room/);
      expect(textOf(6)).toMatch(/readBy Deployment\/shop\/cart@/);
      expect(JSON.stringify([...replies.values()])).not.toContain(secret);
    });

    test("keeps no secret in the index, its record or an answer", async () => {
      for (const file of await readdir(data, { recursive: true, withFileTypes: true }))
        if (file.isFile())
          expect((await readFile(join(file.parentPath, file.name))).includes(secret), file.name).toBe(false);
      expect(JSON.stringify(await answer("What is the password of payments-db?"))).not.toContain(secret);
      expect(JSON.stringify(await answer("Show secret payments-db right now"))).not.toContain(secret);
    });

    test("removes a namespace, and then the whole cluster", async () => {
      const removed = await runCommand(remove, { ...options, namespace: ["shop"] });
      expect(removed.status).toBe(0);
      expect((await answer("How many deployments are in shop?")).results).toMatchObject([{ count: 0 }]);
      expect(await runCommand(remove, options)).toMatchObject({ status: 0 });
      expect(await check()).toMatchObject({ status: 1, results: [{ error: { code: "no_index" } }] });
    });
  },
);
