import { createKubernetesSource } from "@binnacle/k8s-sync";
import { kubeconfigAccess } from "@binnacle/k8s-sync/kubeconfig";

const source = createKubernetesSource({
  cluster: "prod-eu",
  access: kubeconfigAccess({ context: "prod-eu" }),
  namespaces: { exclude: ["kube-system", "ci"] },
});
for await (const change of source.changes({ follow: false })) {
  if (change.type === "upsert") console.log(change.documentId, change.scope);
  if (change.type === "degraded") console.log(change.scope, change.error.message);
}
await source.close();
