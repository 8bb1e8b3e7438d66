import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kubelabMissing, startKubelab, type Kubelab } from "../../../tests/servers/kubelab.ts";
import { createApiClient, type ApiClient } from "./testing/api-client.ts";
import { runBin } from "./testing/run-bin.ts";

const missing = kubelabMissing("own");
const guide = await readFile(new URL("../../../docs/guides/kubernetes.md", import.meta.url), "utf8");
const session = /```console\n([\s\S]*?)```/.exec(guide)?.[1] ?? "";
const steps = session
  .split(/^\$ /m)
  .filter((step) => step.trim() !== "")
  .map((step) => {
    const [command = "", ...output] = step.split("\n");
    return { command, output: output.join("\n").trim() };
  });

/** Replaces what differs from run to run: numbers, times, versions and uids. */
function normalised(text: string): string {
  return text
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "UID")
    .replace(/\d+(?:\.\d+)? (?:s|min) ago/g, "AGE")
    .replace(/@\d+/g, "@N")
    .replace(/in \d+\.\d+ s/g, "in N s")
    .trim();
}

describe.skipIf(missing !== undefined)(`the guide's session${missing ? ` (${missing})` : ""}`, () => {
  let lab: Kubelab;
  let api: ApiClient;
  let folder: string;

  beforeAll(async () => {
    lab = await startKubelab({ own: true });
    api = await createApiClient(lab.kubeconfig);
    folder = await mkdtemp(join(tmpdir(), "k8s-guide-"));
  });

  afterAll(async () => {
    await lab.close();
    await rm(folder, { recursive: true, force: true });
  });

  test("prints what the guide shows", async () => {
    expect(steps.length).toBeGreaterThan(6);
    for (const { command, output } of steps) {
      const run = /^npm run --silent (k8s-sync|k8s-assistant) -- (.*)$/.exec(command);
      if (run === null) await kubectl(command);
      else {
        const args = [...(run[2] ?? "").matchAll(/"([^"]*)"|(\S+)/g)].map(
          ([, quoted, bare]) => quoted ?? bare ?? "",
        );
        const program = run[1] === "k8s-sync" ? "k8s-sync" : "k8s-assistant";
        const environment = { KUBECONFIG: lab.kubeconfig, INIT_CWD: folder };
        const { stdout, stderr } = await runBin(program, args, { environment });
        expect(normalised(stdout), `${command}\n${stderr}`).toBe(normalised(output));
      }
    }
  });

  /** Does what the two kubectl commands of the guide do, because kubectl may be missing. */
  async function kubectl(command: string): Promise<void> {
    const applied = /^kubectl apply -f examples\/k8s-assistant\/(\S+)$/.exec(command);
    if (applied !== null) {
      const file = new URL(`../${applied[1]}`, import.meta.url);
      return await api.apply(JSON.parse(await readFile(file, "utf8")));
    }
    const scaled = /^kubectl scale deployment (\S+) --namespace (\S+) --replicas=(\d+)$/.exec(command);
    if (scaled === null) throw new Error(`the test does not know the command "${command}"`);
    const [, name, namespace, replicas] = scaled;
    await api.send("PATCH", `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`, {
      spec: { replicas: Number(replicas) },
    });
  }
});
