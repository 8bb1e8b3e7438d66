import { kubeconfigAccess } from "@binnacle/k8s-sync/kubeconfig";

const access = await kubeconfigAccess({ path: "./kubeconfig", context: "staging" })();
console.log(access.url);
