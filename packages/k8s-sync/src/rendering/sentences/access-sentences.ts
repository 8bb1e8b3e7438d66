import type { JsonValue } from "@binnacle/core";
import { listAt, objectAt, stringAt, stringsAt } from "../../objects/json-at.ts";
import { joinWords } from "../phrases.ts";
import type { SentenceTemplate } from "../sentence-template.ts";
import { selectorWords } from "./selector-words.ts";

const role: SentenceTemplate = ({ object }) => {
  const rules = listAt(object, "rules");
  const joined = listAt(object, "aggregationRule", "clusterRoleSelectors").map((selector) =>
    selectorWords(selector),
  );
  const shown = rules.slice(0, 8).map((rule) => `It may ${ruleWords(rule)}`);
  return [
    rules.length === 0
      ? "grants nothing"
      : `grants ${rules.length === 1 ? "1 rule" : `${rules.length} rules`}`,
    ...(joined.length === 0 ? [] : [`It adds up the roles with ${joinWords(joined)}`]),
    ...shown,
  ];
};

function ruleWords(rule: JsonValue): string {
  const verbs = stringsAt(rule, "verbs");
  const doing = verbs.includes("*") ? "do everything with" : joinWords(verbs, 10);
  const urls = stringsAt(rule, "nonResourceURLs");
  if (urls.length > 0)
    return `${doing} ${urls.includes("*") ? "all URLs" : `the URLs ${joinWords(urls, 8)}`}`;
  const groups = stringsAt(rule, "apiGroups").filter((group) => group !== "" && group !== "*");
  const resources = stringsAt(rule, "resources");
  const names = stringsAt(rule, "resourceNames");
  const of = groups.length === 0 ? "" : ` of ${joinWords(groups, 4)}`;
  const named = names.length === 0 ? "" : ` named ${joinWords(names, 4)}`;
  return `${doing} ${resources.includes("*") ? "all resources" : joinWords(resources, 12)}${of}${named}`;
}

const binding: SentenceTemplate = ({ object }) => {
  const subjects = listAt(object, "subjects").map((subject) => {
    const namespace = stringAt(subject, "namespace");
    const place = namespace === undefined ? "" : ` of namespace ${namespace}`;
    return `${stringAt(subject, "kind") ?? "subject"} ${stringAt(subject, "name") ?? ""}${place}`;
  });
  const reference = objectAt(object, "roleRef");
  return [
    `grants ${stringAt(reference, "kind") ?? "role"} ${stringAt(reference, "name") ?? ""} to ${subjects.length === 0 ? "nobody" : joinWords(subjects)}`,
  ];
};

/** The templates of RBAC. */
export const accessSentences: Readonly<Record<string, SentenceTemplate>> = {
  "Role.rbac.authorization.k8s.io": role,
  "ClusterRole.rbac.authorization.k8s.io": role,
  "RoleBinding.rbac.authorization.k8s.io": binding,
  "ClusterRoleBinding.rbac.authorization.k8s.io": binding,
};
