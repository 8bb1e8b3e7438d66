import type { JsonValue } from "@binnacle/core";
import { listAt, pairsAt, stringAt, stringsAt } from "../../objects/json-at.ts";
import { joinWords } from "../phrases.ts";

/** Writes a label selector, such as `app=web and tier in (a, b)`. Empty if it selects everything. */
export function selectorWords(selector: JsonValue): string {
  const labels = pairsAt(selector, "matchLabels").map(([key, value]) => `${key}=${value}`);
  const expressions = listAt(selector, "matchExpressions").map((expression) => {
    const key = stringAt(expression, "key") ?? "";
    const operator = stringAt(expression, "operator") ?? "";
    const values = stringsAt(expression, "values").join(", ");
    if (operator === "Exists") return `label ${key}`;
    if (operator === "DoesNotExist") return `no label ${key}`;
    return `${key} ${operator === "NotIn" ? "not in" : "in"} (${values})`;
  });
  return joinWords([...labels, ...expressions]);
}
