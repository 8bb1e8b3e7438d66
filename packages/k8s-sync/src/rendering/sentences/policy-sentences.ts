import type { JsonValue } from "@binnacle/core";
import { listAt, numberAt, objectAt, scalarAt, stringAt, stringsAt } from "../../objects/json-at.ts";
import { counted, joinWords } from "../phrases.ts";
import type { SentenceTemplate } from "../sentence-template.ts";
import { selectorWords } from "./selector-words.ts";

const disruptionBudget: SentenceTemplate = ({ spec, status }) => {
  const least = scalarAt(spec, "minAvailable");
  const most = scalarAt(spec, "maxUnavailable");
  const pods = selectorWords(objectAt(spec, "selector"));
  const allowed = numberAt(status, "disruptionsAllowed");
  const rule = least === undefined ? `at most ${most ?? "1"} unavailable` : `at least ${least} available`;
  return [
    `keeps ${rule} of the pods with ${pods === "" ? "any label" : pods}`,
    ...(allowed === undefined ? [] : [`It allows ${counted(allowed, "disruption")} now`]),
  ];
};

const autoscaler: SentenceTemplate = ({ spec, status }) => {
  const metrics = listAt(spec, "metrics").map(metricWords);
  return [
    `scales between ${scalarAt(spec, "minReplicas") ?? "1"} and ${counted(numberAt(spec, "maxReplicas") ?? 1, "replica")}`,
    ...(metrics.length === 0 ? [] : [`It watches ${joinWords(metrics)}`]),
    `It wants ${counted(numberAt(status, "desiredReplicas") ?? 0, "replica")}`,
  ];
};

function metricWords(metric: JsonValue): string {
  const type = stringAt(metric, "type") ?? "unknown";
  const field = objectAt(metric, type.charAt(0).toLowerCase() + type.slice(1));
  const name = stringAt(field, "name") ?? stringAt(field, "metric", "name") ?? type;
  const target = scalarAt(field, "target", "averageUtilization");
  const value = scalarAt(field, "target", "averageValue") ?? scalarAt(field, "target", "value");
  if (target !== undefined) return `${name} at ${target} %`;
  return value === undefined ? name : `${name} at ${value}`;
}

const webhooks: SentenceTemplate = ({ object }) => {
  const names = listAt(object, "webhooks").flatMap((item) => stringAt(item, "name") ?? []);
  const resources = listAt(object, "webhooks")
    .flatMap((item) => listAt(item, "rules"))
    .flatMap((rule) => stringsAt(rule, "resources"));
  return [
    `calls ${names.length === 0 ? "no webhook" : joinWords(names)} on changes of ${resources.length === 0 ? "nothing" : joinWords([...new Set(resources)])}`,
  ];
};

const admissionPolicy: SentenceTemplate = ({ spec }) => {
  const rules = listAt(spec, "matchConstraints", "resourceRules").flatMap((rule) =>
    stringsAt(rule, "resources"),
  );
  return [
    `checks ${rules.length === 0 ? "objects" : joinWords([...new Set(rules)])} by ${counted(listAt(spec, "validations").length, "expression")}`,
  ];
};

/** The templates of policies. */
export const policySentences: Readonly<Record<string, SentenceTemplate>> = {
  "PodDisruptionBudget.policy": disruptionBudget,
  "HorizontalPodAutoscaler.autoscaling": autoscaler,
  "ValidatingWebhookConfiguration.admissionregistration.k8s.io": webhooks,
  "MutatingWebhookConfiguration.admissionregistration.k8s.io": webhooks,
  "ValidatingAdmissionPolicy.admissionregistration.k8s.io": admissionPolicy,
};
