import type { JsonValue } from "@binnacle/core";
import { jsonAt, listAt, objectAt, pairsAt, stringAt, type JsonObject } from "../../objects/json-at.ts";
import { joinWords } from "../phrases.ts";
import type { SentenceTemplate } from "../sentence-template.ts";

const node: SentenceTemplate = ({ object, spec, status }) => {
  const ready = isTrue(status, "Ready");
  const troubles = listAt(status, "conditions").filter(
    (condition) => stringAt(condition, "type") !== "Ready" && stringAt(condition, "status") === "True",
  );
  const roles = Object.keys(objectAt(object, "metadata", "labels"))
    .filter((key) => key.startsWith("node-role.kubernetes.io/"))
    .map((key) => key.slice(key.indexOf("/") + 1));
  const taints = listAt(spec, "taints").map(taintWords);
  const capacity = objectAt(status, "allocatable");
  return [
    `is ${ready ? "ready" : "not ready"}${troubles.length === 0 ? "" : ` and reports ${joinWords(troubles.map((item) => stringAt(item, "type") ?? ""))}`}`,
    ...(jsonAt(spec, "unschedulable") === true ? ["It is cordoned, so no new pods start on it"] : []),
    ...(roles.length === 0 ? [] : [`Its role is ${joinWords(roles)}`]),
    ...(taints.length === 0 ? [] : [`Its taints are ${joinWords(taints)}`]),
    `It offers ${stringAt(capacity, "cpu") ?? "unknown"} CPU, ${stringAt(capacity, "memory") ?? "unknown"} memory and ${stringAt(capacity, "pods") ?? "unknown"} pods`,
  ];
};

function isTrue(status: JsonObject, type: string): boolean {
  return listAt(status, "conditions").some(
    (item) => stringAt(item, "type") === type && stringAt(item, "status") === "True",
  );
}

function taintWords(taint: JsonValue): string {
  const value = stringAt(taint, "value");
  return `${stringAt(taint, "key") ?? ""}${value === undefined ? "" : `=${value}`}:${stringAt(taint, "effect") ?? ""}`;
}

const namespace: SentenceTemplate = ({ object, status }) => {
  const labels = pairsAt(object, "metadata", "labels").filter(
    ([key]) => key !== "kubernetes.io/metadata.name",
  );
  return [
    `is ${(stringAt(status, "phase") ?? "Active").toLowerCase()}`,
    ...(labels.length === 0
      ? []
      : [`It is labelled ${joinWords(labels.map(([key, value]) => `${key}=${value}`))}`]),
  ];
};

const customDefinition: SentenceTemplate = ({ spec }) => {
  const versions = listAt(spec, "versions").filter((version) => jsonAt(version, "served") === true);
  const about = listAt(spec, "versions").flatMap(
    (version) => stringAt(version, "schema", "openAPIV3Schema", "description") ?? [],
  );
  const fields = versions.flatMap((version) =>
    Object.keys(objectAt(version, "schema", "openAPIV3Schema", "properties", "spec", "properties")),
  );
  return [
    `adds the kind ${stringAt(spec, "names", "kind") ?? "unknown"} of group ${stringAt(spec, "group") ?? "unknown"}, version ${joinWords(versions.flatMap((version) => stringAt(version, "name") ?? []))}`,
    `Its objects are ${(stringAt(spec, "scope") ?? "Namespaced") === "Namespaced" ? "namespaced" : "of the whole cluster"}`,
    ...about.slice(0, 1),
    ...(fields.length === 0 ? [] : [`Its spec has the fields ${joinWords([...new Set(fields)], 40)}`]),
  ];
};

const apiService: SentenceTemplate = ({ spec, status }) => [
  `serves version ${stringAt(spec, "version") ?? "?"} of group ${stringAt(spec, "group") ?? "?"} and is ${isTrue(status, "Available") ? "available" : "not available"}`,
];

/** The templates of objects of the whole cluster. */
export const clusterSentences: Readonly<Record<string, SentenceTemplate>> = {
  Node: node,
  Namespace: namespace,
  "CustomResourceDefinition.apiextensions.k8s.io": customDefinition,
  "APIService.apiregistration.k8s.io": apiService,
};
