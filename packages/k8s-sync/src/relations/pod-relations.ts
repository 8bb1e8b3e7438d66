import type { JsonValue } from "@binnacle/core";
import { listAt, objectAt, stringAt } from "../objects/json-at.ts";
import type { Relation, RelationType } from "./relation.ts";

/** Returns the objects that a pod or a pod template names: volumes, environment, account, node. */
export function podRelations(podSpec: JsonValue, namespace: string): readonly Relation[] {
  const to = (
    type: RelationType,
    kind: string,
    name: string | undefined,
    detail?: string,
  ): readonly Relation[] =>
    name === undefined
      ? []
      : [{ type, target: { group: "", kind, namespace: kind === "Node" ? "" : namespace, name }, detail }];
  const containers = [...listAt(podSpec, "initContainers"), ...listAt(podSpec, "containers")];
  const account = stringAt(podSpec, "serviceAccountName");
  return [
    ...listAt(podSpec, "volumes").flatMap((volume) => volumeRelations(volume, to)),
    ...containers.flatMap((container) => [
      ...listAt(container, "envFrom").flatMap((from) => [
        ...to("readsEnvFrom", "ConfigMap", stringAt(from, "configMapRef", "name")),
        ...to("readsEnvFrom", "Secret", stringAt(from, "secretRef", "name")),
      ]),
      ...listAt(container, "env").flatMap((entry) => envRelations(entry, to)),
    ]),
    ...listAt(podSpec, "imagePullSecrets").flatMap((item) =>
      to("pullsWith", "Secret", stringAt(item, "name")),
    ),
    ...(account === "default" ? [] : to("runsAs", "ServiceAccount", account)),
    ...to("runsOn", "Node", stringAt(podSpec, "nodeName")),
    ...classRelation(podSpec),
  ];
}

type To = (
  type: RelationType,
  kind: string,
  name: string | undefined,
  detail?: string,
) => readonly Relation[];

function volumeRelations(volume: JsonValue, to: To): readonly Relation[] {
  const projected = listAt(volume, "projected", "sources");
  const references = [volume, ...projected].flatMap((source) => [
    ...to("mounts", "ConfigMap", stringAt(source, "configMap", "name")),
    ...to("mounts", "Secret", stringAt(source, "secret", "secretName") ?? stringAt(source, "secret", "name")),
    ...to("mounts", "PersistentVolumeClaim", stringAt(source, "persistentVolumeClaim", "claimName")),
    ...to("mounts", "Secret", stringAt(objectAt(source, "csi"), "nodePublishSecretRef", "name")),
  ]);
  // Every pod has a volume with the root certificate, so that edge says nothing.
  return references.filter(({ target }) => target.name !== "kube-root-ca.crt");
}

function envRelations(entry: JsonValue, to: To): readonly Relation[] {
  const name = stringAt(entry, "name");
  const from = objectAt(entry, "valueFrom");
  const detail = (key: string | undefined): string | undefined =>
    name === undefined || key === undefined ? undefined : `${name} from key ${key}`;
  return [
    ...to(
      "readsEnvFrom",
      "ConfigMap",
      stringAt(from, "configMapKeyRef", "name"),
      detail(stringAt(from, "configMapKeyRef", "key")),
    ),
    ...to(
      "readsEnvFrom",
      "Secret",
      stringAt(from, "secretKeyRef", "name"),
      detail(stringAt(from, "secretKeyRef", "key")),
    ),
  ];
}

function classRelation(podSpec: JsonValue): readonly Relation[] {
  const name = stringAt(podSpec, "priorityClassName");
  if (name === undefined) return [];
  return [
    { type: "uses", target: { group: "scheduling.k8s.io", kind: "PriorityClass", namespace: "", name } },
  ];
}
