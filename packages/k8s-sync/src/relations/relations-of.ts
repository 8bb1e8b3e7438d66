import type { JsonValue } from "@binnacle/core";
import { isJsonList, isJsonObject, listAt, objectAt, stringAt, type JsonObject } from "../objects/json-at.ts";
import { objectKey } from "../objects/object-key.ts";
import type { ResourceType } from "../objects/resource-type.ts";
import { podRelations } from "./pod-relations.ts";
import type { Relation, RelationType } from "./relation.ts";

const mostRelations = 200;

/** Returns the edges from a redacted object to the objects that it names, each once. */
export function relationsOf(object: JsonObject, resource: ResourceType): readonly Relation[] {
  const namespace = stringAt(object, "metadata", "namespace") ?? "";
  const found = [
    ...ownerRelations(object, namespace),
    ...podRelations(podSpecOf(object, resource), namespace),
    ...kindRelations(object, resource, namespace),
    ...(resource.group.includes(".") ? referenceRelations(object, namespace) : []),
  ];
  const unique = new Map<string, Relation>();
  for (const relation of found) {
    const key = `${relation.type} ${objectKey(relation.target)} ${relation.detail ?? ""}`;
    if (!unique.has(key) && unique.size < mostRelations) unique.set(key, relation);
  }
  return [...unique.values()];
}

/** Returns the spec of the pods that a workload makes, or of the pod itself. Empty for other kinds. */
export function podSpecOf(object: JsonObject, { kind, group }: ResourceType): JsonObject {
  if (group === "" && kind === "Pod") return objectAt(object, "spec");
  if (group === "batch" && kind === "CronJob") {
    return objectAt(object, "spec", "jobTemplate", "spec", "template", "spec");
  }
  const hasTemplate = group === "apps" || group === "batch" || kind === "ReplicationController";
  return hasTemplate ? objectAt(object, "spec", "template", "spec") : {};
}

function ownerRelations(object: JsonObject, namespace: string): readonly Relation[] {
  return listAt(object, "metadata", "ownerReferences").flatMap((owner) => named("ownedBy", owner, namespace));
}

/** Reads a reference with `kind`, `name` and, perhaps, `apiVersion` or a group. */
function named(
  type: RelationType,
  reference: JsonValue | undefined,
  namespace: string,
  detail?: string,
): readonly Relation[] {
  const [kind, name] = [stringAt(reference, "kind"), stringAt(reference, "name")];
  if (kind === undefined || name === undefined) return [];
  const version = stringAt(reference, "apiVersion") ?? "";
  const slash = version.indexOf("/");
  const group =
    stringAt(reference, "apiGroup") ??
    stringAt(reference, "group") ??
    (slash === -1 ? "" : version.slice(0, slash));
  const place = clusterKinds.has(kind) ? "" : (stringAt(reference, "namespace") ?? namespace);
  return [{ type, target: { group, kind, namespace: place, name }, detail }];
}

const clusterKinds: ReadonlySet<string> = new Set([
  "ClusterIssuer",
  "ClusterRole",
  "GatewayClass",
  "IngressClass",
  "Namespace",
  "Node",
  "PersistentVolume",
  "StorageClass",
]);

function kindRelations(
  object: JsonObject,
  { kind, group }: ResourceType,
  namespace: string,
): readonly Relation[] {
  const spec = objectAt(object, "spec");
  switch (objectKey({ kind, group, namespace: "", name: "" }).slice(0, -1)) {
    case "Ingress.networking.k8s.io":
      return ingressRelations(spec, namespace);
    case "HorizontalPodAutoscaler.autoscaling":
      return named("scales", spec["scaleTargetRef"], namespace);
    case "PersistentVolumeClaim":
      return [
        ...plain("binds", { kind: "PersistentVolume", namespace: "", name: stringAt(spec, "volumeName") }),
        ...storageClass(spec),
      ];
    case "PersistentVolume":
      return [...claimOf(spec), ...storageClass(spec)];
    case "RoleBinding.rbac.authorization.k8s.io":
    case "ClusterRoleBinding.rbac.authorization.k8s.io":
      return [
        ...named("grants", object["roleRef"], namespace),
        ...listAt(object, "subjects")
          .filter((subject) => stringAt(subject, "kind") === "ServiceAccount")
          .flatMap((subject) => named("grantsTo", subject, namespace)),
      ];
    case "HTTPRoute.gateway.networking.k8s.io":
    case "GRPCRoute.gateway.networking.k8s.io":
      return routeRelations(spec, namespace);
    case "ServiceAccount":
      return [...listAt(object, "secrets"), ...listAt(object, "imagePullSecrets")].flatMap((item) =>
        plain("uses", { kind: "Secret", namespace, name: stringAt(item, "name") }),
      );
    case "StatefulSet.apps":
      return plain("uses", { kind: "Service", namespace, name: stringAt(spec, "serviceName") });
    default:
      return webhookRelations(object);
  }
}

/** An edge to an object of the core group, if it has a name. */
function plain(
  type: RelationType,
  {
    kind,
    namespace,
    name,
  }: { readonly kind: string; readonly namespace: string; readonly name: string | undefined },
  detail?: string,
): readonly Relation[] {
  return name === undefined ? [] : [{ type, target: { group: "", kind, namespace, name }, detail }];
}

function storageClass(spec: JsonObject): readonly Relation[] {
  const name = stringAt(spec, "storageClassName");
  if (name === undefined) return [];
  return [{ type: "uses", target: { group: "storage.k8s.io", kind: "StorageClass", namespace: "", name } }];
}

function claimOf(spec: JsonObject): readonly Relation[] {
  const [name, namespace] = [stringAt(spec, "claimRef", "name"), stringAt(spec, "claimRef", "namespace")];
  return plain("providesStorageFor", { kind: "PersistentVolumeClaim", namespace: namespace ?? "", name });
}

function ingressRelations(spec: JsonObject, namespace: string): readonly Relation[] {
  const backend = (value: JsonValue | undefined, detail: string): readonly Relation[] =>
    plain("routesTo", { kind: "Service", namespace, name: stringAt(value, "service", "name") }, detail);
  const className = stringAt(spec, "ingressClassName");
  return [
    ...backend(spec["defaultBackend"], "everything else"),
    ...listAt(spec, "rules").flatMap((rule) =>
      listAt(rule, "http", "paths").flatMap((path) =>
        backend(
          objectAt(path, "backend"),
          `${stringAt(rule, "host") ?? "every host"}${stringAt(path, "path") ?? ""}`,
        ),
      ),
    ),
    ...listAt(spec, "tls").flatMap((tls) =>
      plain("uses", { kind: "Secret", namespace, name: stringAt(tls, "secretName") }, "its certificate"),
    ),
    ...(className === undefined
      ? []
      : [
          {
            type: "uses" as const,
            target: { group: "networking.k8s.io", kind: "IngressClass", namespace: "", name: className },
          },
        ]),
  ];
}

function routeRelations(spec: JsonObject, namespace: string): readonly Relation[] {
  const parents = listAt(spec, "parentRefs").flatMap((parent) =>
    named(
      "belongsTo",
      { kind: "Gateway", group: "gateway.networking.k8s.io", ...objectAt(parent) },
      namespace,
    ),
  );
  const backends = listAt(spec, "rules").flatMap((rule) =>
    listAt(rule, "backendRefs").flatMap((reference) =>
      named("routesTo", { kind: "Service", ...objectAt(reference) }, namespace),
    ),
  );
  return [...parents, ...backends];
}

function webhookRelations(object: JsonObject): readonly Relation[] {
  const services = [
    ...listAt(object, "webhooks").map((webhook) => objectAt(webhook, "clientConfig", "service")),
    objectAt(object, "spec", "service"),
  ];
  return services.flatMap((service) =>
    plain("uses", {
      kind: "Service",
      namespace: stringAt(service, "namespace") ?? "",
      name: stringAt(service, "name"),
    }),
  );
}

/** Finds references in a custom resource: fields that end in `Ref` or `Refs` and have a name. */
function referenceRelations(object: JsonObject, namespace: string): readonly Relation[] {
  const found: Relation[] = [];
  const walk = (value: JsonValue, key: string, depth: number): void => {
    if (depth > 8 || found.length >= 20) return;
    if (isJsonList(value)) return value.forEach((item) => walk(item, key, depth + 1));
    if (!isJsonObject(value)) return;
    if (/Refs?$/.test(key)) {
      const implied = kindOfReference(key);
      found.push(
        ...named("refersTo", { ...(implied && { kind: implied }), ...value }, namespace, `by ${key}`),
      );
      return;
    }
    for (const [name, item] of Object.entries(value)) walk(item, name, depth + 1);
  };
  walk(objectAt(object, "spec"), "spec", 0);
  return found;
}

function kindOfReference(key: string): string | undefined {
  if (/secret(?:Key)?Refs?$/i.test(key)) return "Secret";
  if (/configMap(?:Key)?Refs?$/i.test(key)) return "ConfigMap";
  if (/serviceAccountRef$/i.test(key)) return "ServiceAccount";
  return /serviceRefs?$/i.test(key) ? "Service" : undefined;
}
