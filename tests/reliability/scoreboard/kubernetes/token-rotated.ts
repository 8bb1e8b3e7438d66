import { setTimeout as wait } from "node:timers/promises";
import { kubeconfigAccess } from "@binnacle/k8s-sync/kubeconfig";
import { kubelabMissing } from "../../../servers/kubelab.ts";
import { exactly, shown, type Experiment } from "../experiment.ts";
import type { FollowedLab } from "./followed-lab.ts";
import { inLab, outcome, seed } from "./server-faults.ts";

const account = "/api/v1/namespaces/default/serviceaccounts";
// The server remembers for ten seconds that a token was valid.
const remembersMs = 11_000;

/** The token of the service account is replaced, and the old token becomes invalid. */
export const tokenRotated: Experiment = {
  title: "the token rotates, and the old token is refused",
  missing: async () => kubelabMissing("own"),
  run: () =>
    inLab({}, async (lab) => {
      const send = (method: "POST" | "DELETE", path: string, json?: object): Promise<unknown> =>
        lab.cluster.client.json({ method, path, ...(json === undefined ? {} : { json }) });
      await send("POST", account, { metadata: { name: "k8s-sync" } });
      await send("POST", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", {
        metadata: { name: "k8s-sync" },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
        subjects: [{ kind: "ServiceAccount", name: "k8s-sync", namespace: "default" }],
      });
      const admin = await kubeconfigAccess({ path: lab.lab.kubeconfig })();
      const tls = (await admin.credentials?.())?.tls;
      let token = await boundToken(lab, "token-1");
      let reads = 0;
      const credentials = () => {
        reads += 1;
        return Promise.resolve({ headers: { authorization: `Bearer ${token}` }, tls });
      };
      lab.use({ access: { url: admin.url, credentials } });
      await seed(lab, 20);
      token = await boundToken(lab, "token-2");
      await send("DELETE", "/api/v1/namespaces/default/secrets/token-1");
      await wait(remembersMs);
      // Every watch has to log in again.
      await lab.lab.restart();
      await lab.cluster.configMap("shop", "after");
      const figures = await outcome(lab);
      const degraded = lab.source.status().filter(({ state }) => state === "degraded").length;
      return [
        ...figures,
        exactly("degraded types afterwards", degraded, 0),
        shown("reads of the credentials", reads, ""),
      ];
    }),
};

/** Returns a token that is valid only as long as a Secret exists. */
async function boundToken(lab: FollowedLab, name: string): Promise<string> {
  const secret = await lab.cluster.client.json({
    method: "POST",
    path: "/api/v1/namespaces/default/secrets",
    json: { metadata: { name } },
  });
  const uid = at(secret, "metadata", "uid");
  const boundObjectRef = { apiVersion: "v1", kind: "Secret", name, uid };
  const request = {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: { audiences: [], expirationSeconds: 3_600, boundObjectRef },
  };
  const path = `${account}/k8s-sync/token`;
  return String(
    at(await lab.cluster.client.json({ method: "POST", path, json: request }), "status", "token"),
  );
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, key) => (typeof found === "object" && found !== null ? Reflect.get(found, key) : undefined),
    value,
  );
}
