import type { JsonValue } from "@binnacle/core";
import { listAt, stringAt, type JsonObject } from "../objects/json-at.ts";
import { joinWords, sentence } from "./phrases.ts";

/**
 * Writes the conditions of a redacted object as sentences. Conditions that are true without a message worth
 * reading share one sentence.
 */
export function conditionSentences(object: JsonObject): readonly string[] {
  const conditions = [...listAt(object, "status", "conditions")].sort((a, b) =>
    (stringAt(a, "type") ?? "") < (stringAt(b, "type") ?? "") ? -1 : 1,
  );
  const plain = conditions.filter(
    (condition) => stringAt(condition, "status") === "True" && !isBad(condition),
  );
  const told = conditions.filter((condition) => !plain.includes(condition) && !isQuiet(condition));
  const names = plain.flatMap((condition) => stringAt(condition, "type") ?? []);
  const together =
    names.length === 0 ? [] : [`${joinWords(names)} ${names.length === 1 ? "is" : "are"} true.`];
  return [...together, ...told.slice(0, 10).map(conditionWords)];
}

const bad =
  /fail|pressure|degraded|stalled|unavailable|error|unhealthy|deadline|problem|invalid|expired|conflict/i;

function isBad(condition: JsonValue): boolean {
  return bad.test(stringAt(condition, "type") ?? "");
}

// `MemoryPressure is False` says that nothing is wrong.
function isQuiet(condition: JsonValue): boolean {
  return isBad(condition) && stringAt(condition, "status") === "False";
}

function conditionWords(condition: JsonValue): string {
  const [type, status] = [stringAt(condition, "type") ?? "A condition", stringAt(condition, "status")];
  const reason = stringAt(condition, "reason");
  const message = stringAt(condition, "message")?.slice(0, 300);
  const state = `${type} is ${(status ?? "unknown").toLowerCase()}`;
  const because = reason === undefined ? state : `${state}, with reason ${reason}`;
  return sentence(message === undefined ? because : `${because}: ${message}`);
}
