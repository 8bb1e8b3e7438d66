import type { JsonValue } from "@binnacle/core";
import { listAt, objectAt, stringAt } from "../objects/json-at.ts";
import { objectKey } from "../objects/object-key.ts";
import type { KubernetesObject } from "../objects/kubernetes-object.ts";
import type { ResourceType } from "../objects/resource-type.ts";
import { withoutTimes } from "../redaction/status-noise.ts";
import type { FoldedFact, FoldedObject } from "./folded-fact.ts";
import { podState } from "./pod-state.ts";

const workloadKinds: ReadonlySet<string> = new Set([
  "ReplicaSet",
  "StatefulSet",
  "DaemonSet",
  "Job",
  "ReplicationController",
]);

/**
 * Returns the part of a redacted object that another object's document tells. Undefined if the object has a
 * document of its own. Pods fold into their workload, ReplicaSets into their Deployment, Jobs into their
 * CronJob, and events into the object that they are about.
 */
export function foldObject(object: KubernetesObject, resource: ResourceType): FoldedObject | undefined {
  if (resource.plural === "events") return foldEvent(object);
  const owner = controllerOf(object);
  if (owner === undefined) return undefined;
  const into = (fact: FoldedFact): FoldedObject => ({ into: owner.key, fact });
  if (resource.group === "" && resource.kind === "Pod") {
    return workloadKinds.has(owner.kind) ? into(podFact(object)) : undefined;
  }
  if (resource.group === "apps" && resource.kind === "ReplicaSet" && owner.kind === "Deployment") {
    return into({ type: "link" });
  }
  if (resource.group === "batch" && resource.kind === "Job" && owner.kind === "CronJob") {
    return into({ type: "link" });
  }
  return undefined;
}

/** Returns true for an event that is a warning. The others are not kept. */
export function isWarning(event: KubernetesObject): boolean {
  return stringAt(event, "type") === "Warning";
}

function controllerOf(object: KubernetesObject): { readonly kind: string; readonly key: string } | undefined {
  const namespace = stringAt(object, "metadata", "namespace") ?? "";
  const owner = listAt(object, "metadata", "ownerReferences").find(
    (reference) => objectAt(reference)["controller"] === true,
  );
  const [kind, name] = [stringAt(owner, "kind"), stringAt(owner, "name")];
  if (kind === undefined || name === undefined) return undefined;
  const group = groupOf(stringAt(owner, "apiVersion"));
  return { kind, key: objectKey({ group, kind, namespace, name }) };
}

function groupOf(apiVersion = ""): string {
  return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
}

function podFact(pod: KubernetesObject): FoldedFact {
  const { isHealthy, words } = podState(pod);
  return {
    type: "pod",
    name: stringAt(pod, "metadata", "name") ?? "",
    isHealthy,
    state: words,
    node: stringAt(pod, "spec", "nodeName") ?? "",
    images: listAt(pod, "spec", "containers").flatMap((container) => stringAt(container, "image") ?? []),
  };
}

// The two API groups of events name the same fields differently.
function foldEvent(event: KubernetesObject): FoldedObject | undefined {
  const about: JsonValue = objectAt(event, "involvedObject");
  const regarding = Object.keys(about).length > 0 ? about : objectAt(event, "regarding");
  const [kind, name] = [stringAt(regarding, "kind"), stringAt(regarding, "name")];
  if (kind === undefined || name === undefined) return undefined;
  const group = groupOf(stringAt(regarding, "apiVersion"));
  const namespace = stringAt(regarding, "namespace") ?? "";
  return {
    into: objectKey({ group, kind, namespace, name }),
    fact: {
      type: "event",
      reason: stringAt(event, "reason") ?? "Unknown",
      message: withoutTimes(stringAt(event, "message") ?? stringAt(event, "note") ?? "").slice(0, 400),
    },
  };
}
