import type { JsonValue } from "@binnacle/core";
import { listAt, objectAt, pairsAt, stringAt, stringsAt, type JsonObject } from "../objects/json-at.ts";
import type { ResourceType } from "../objects/resource-type.ts";

/** Returns the selector by which an object chooses pods of its namespace, in the form of a LabelSelector.
 * Undefined if it chooses none. */
export function podSelectorOf(object: JsonObject, { kind, group }: ResourceType): JsonObject | undefined {
  const spec = objectAt(object, "spec");
  if (kind === "Service" && group === "") {
    const labels = objectAt(spec, "selector");
    return Object.keys(labels).length === 0 ? undefined : { matchLabels: labels };
  }
  if (kind === "PodDisruptionBudget" && group === "policy") return objectAt(spec, "selector");
  if (kind === "NetworkPolicy") return objectAt(spec, "podSelector");
  return undefined;
}

/** Returns true if labels, written as `key=value`, meet a LabelSelector. An empty selector meets all. */
export function selectsLabels(selector: JsonValue, labels: readonly string[]): boolean {
  const own = new Map(labels.map((label) => splitLabel(label)));
  const equal = pairsAt(selector, "matchLabels").every(([key, value]) => own.get(key) === value);
  return (
    equal &&
    listAt(selector, "matchExpressions").every((expression) => {
      const value = own.get(stringAt(expression, "key") ?? "");
      const values = stringsAt(expression, "values");
      switch (stringAt(expression, "operator")) {
        case "In":
          return value !== undefined && values.includes(value);
        case "NotIn":
          return value === undefined || !values.includes(value);
        case "Exists":
          return value !== undefined;
        case "DoesNotExist":
          return value === undefined;
        default:
          return false;
      }
    })
  );
}

function splitLabel(label: string): readonly [string, string] {
  const at = label.indexOf("=");
  return at === -1 ? [label, ""] : [label.slice(0, at), label.slice(at + 1)];
}
