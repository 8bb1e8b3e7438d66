import { stringAt } from "../objects/json-at.ts";
import type { KubernetesObject } from "../objects/kubernetes-object.ts";
import type { ConfigMapSelection } from "./redaction-options.ts";

/** Returns true if the values of this ConfigMap may be shown. */
export function selectsConfigMap(
  { namespaces = [], label }: ConfigMapSelection,
  object: KubernetesObject,
): boolean {
  if (namespaces.includes(stringAt(object, "metadata", "namespace") ?? "")) return true;
  if (label === undefined) return false;
  const [key = "", value = ""] = label.split("=");
  return stringAt(object, "metadata", "labels", key) === value;
}
