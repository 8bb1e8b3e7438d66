import { jsonAt, listAt, pairsAt, stringAt } from "../objects/json-at.ts";
import type { KubernetesObject } from "../objects/kubernetes-object.ts";

const templates = [[], ["spec", "template"], ["spec", "jobTemplate", "spec", "template"]];

/** Returns the names by which an object is found: its own, those of its containers, its labels and images. */
export function ownNames(object: KubernetesObject): readonly string[] {
  const identity = ["name", "namespace"].map((field) => stringAt(object, "metadata", field));
  const inner = templates.flatMap((path) => {
    const template = jsonAt(object, ...path);
    const containers = ["containers", "initContainers"].flatMap((field) => listAt(template, "spec", field));
    return [
      ...pairsAt(template, "metadata", "labels").map(([, value]) => value),
      ...containers.flatMap((container) => [stringAt(container, "name"), stringAt(container, "image")]),
    ];
  });
  return [...new Set([...identity, ...inner])].filter((name) => name !== undefined);
}
