import { jsonAt, listAt, numberAt, scalarAt, stringAt, type JsonObject } from "../objects/json-at.ts";

/** Returns one word for the state of a redacted object. Undefined if it shows none. */
export function objectState(object: JsonObject): string | undefined {
  if (jsonAt(object, "metadata", "deletionTimestamp") !== undefined) return "Terminating";
  const phase = scalarAt(object, "status", "phase");
  const ready = conditionStatus(object, "Ready") ?? conditionStatus(object, "Available");
  if (phase !== undefined && phase !== "Running") return phase;
  if (ready !== undefined) return ready === "True" ? "Ready" : "NotReady";
  const replicas = numberAt(object, "spec", "replicas");
  if (replicas !== undefined)
    return (numberAt(object, "status", "readyReplicas") ?? 0) >= replicas ? "Ready" : "NotReady";
  const wanted = numberAt(object, "status", "desiredNumberScheduled");
  if (wanted !== undefined)
    return (numberAt(object, "status", "numberReady") ?? 0) >= wanted ? "Ready" : "NotReady";
  if (conditionStatus(object, "Failed") === "True") return "Failed";
  if (conditionStatus(object, "Complete") === "True") return "Complete";
  return phase ?? scalarAt(object, "status", "state");
}

function conditionStatus(object: JsonObject, type: string): string | undefined {
  const found = listAt(object, "status", "conditions").find((item) => stringAt(item, "type") === type);
  return stringAt(found, "status");
}
