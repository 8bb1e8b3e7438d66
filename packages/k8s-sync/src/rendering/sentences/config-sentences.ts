import { jsonAt, listAt, objectAt, pairsAt, scalarAt, stringAt, stringsAt } from "../../objects/json-at.ts";
import { counted, joinWords } from "../phrases.ts";
import type { SentenceTemplate } from "../sentence-template.ts";

const configMap: SentenceTemplate = ({ object }) => {
  const keys = [...Object.keys(objectAt(object, "data")), ...Object.keys(objectAt(object, "binaryData"))];
  return [
    keys.length === 0 ? "has no keys" : `has ${counted(keys.length, "key")}: ${joinWords(keys, 30)}`,
    ...(jsonAt(object, "immutable") === true ? ["It is immutable"] : []),
  ];
};

const secret: SentenceTemplate = ({ object }) => {
  const keys = stringsAt(object, "keys");
  return [
    `is of type ${stringAt(object, "type") ?? "Opaque"} and has ${keys.length === 0 ? "no keys" : `${counted(keys.length, "key")}: ${joinWords(keys, 30)}`}`,
    "Its values are never read",
  ];
};

const serviceAccount: SentenceTemplate = ({ object }) => [
  "is an identity for pods",
  ...(jsonAt(object, "automountServiceAccountToken") === false
    ? ["Its token is not mounted by default"]
    : []),
];

const quota: SentenceTemplate = ({ spec, status }) => {
  const used = objectAt(status, "used");
  const limits = pairsAt(status, "hard").length > 0 ? pairsAt(status, "hard") : pairsAt(spec, "hard");
  const words = limits.map(([name, limit]) => `${name} ${scalarAt(used, name) ?? "0"} of ${limit}`);
  return [words.length === 0 ? "limits nothing" : `limits its namespace: ${joinWords(words, 20)}`];
};

const limitRange: SentenceTemplate = ({ spec }) => [
  `sets limits for ${joinWords(listAt(spec, "limits").map((limit) => `each ${stringAt(limit, "type") ?? "object"}`))}`,
];

const priorityClass: SentenceTemplate = ({ object }) => [
  `gives pods the priority ${scalarAt(object, "value") ?? "0"}`,
  ...(jsonAt(object, "globalDefault") === true ? ["It is the default of the cluster"] : []),
  ...(stringAt(object, "description") === undefined ? [] : [stringAt(object, "description") ?? ""]),
];

const runtimeClass: SentenceTemplate = ({ object }) => [
  `runs pods with handler ${stringAt(object, "handler") ?? "unknown"}`,
];

/** The templates of configuration. */
export const configSentences: Readonly<Record<string, SentenceTemplate>> = {
  ConfigMap: configMap,
  Secret: secret,
  ServiceAccount: serviceAccount,
  ResourceQuota: quota,
  LimitRange: limitRange,
  "PriorityClass.scheduling.k8s.io": priorityClass,
  "RuntimeClass.node.k8s.io": runtimeClass,
};
