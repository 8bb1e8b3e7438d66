import type { JsonValue } from "@binnacle/core";
import { isJsonList, isJsonObject, objectAt, stringAt, type JsonObject } from "../objects/json-at.ts";
import { hidden } from "../redaction/hidden.ts";

/** Values that the API server fills in, so that they say nothing about the object. */
const defaults: ReadonlyMap<string, readonly JsonValue[]> = new Map<string, readonly JsonValue[]>([
  ["dnsPolicy", ["ClusterFirst"]],
  ["defaultMode", [420]],
  ["failureThreshold", [3]],
  ["imagePullPolicy", ["IfNotPresent"]],
  ["internalTrafficPolicy", ["Cluster"]],
  ["ipFamilyPolicy", ["SingleStack"]],
  ["periodSeconds", [10]],
  ["progressDeadlineSeconds", [600]],
  ["protocol", ["TCP"]],
  ["restartPolicy", ["Always"]],
  ["revisionHistoryLimit", [10]],
  ["schedulerName", ["default-scheduler"]],
  ["scheme", ["HTTP"]],
  ["sessionAffinity", ["None"]],
  ["successThreshold", [1]],
  ["terminationGracePeriodSeconds", [30]],
  ["terminationMessagePath", ["/dev/termination-log"]],
  ["terminationMessagePolicy", ["File"]],
  ["timeoutSeconds", [1]],
]);

/** Left out: they repeat another field, or the sentences tell them. */
const silent: ReadonlySet<string> = new Set(["serviceAccount", "clusterIPs", "ipFamilies", "finalizers"]);

/** Returns a value without the fields that the API server fills in, and with environments as one line each. */
export function prunedSpec(value: JsonValue, key = ""): JsonValue | undefined {
  if (isJsonList(value)) return prunedList(value, key);
  if (!isJsonObject(value)) return defaults.get(key)?.includes(value) === true ? undefined : value;
  const pruned = prunedObject(value);
  return Object.keys(pruned).length === 0 ? undefined : pruned;
}

function prunedObject(value: JsonObject): JsonObject {
  const pruned: Record<string, JsonValue> = {};
  for (const [key, item] of Object.entries(value)) {
    const kept = silent.has(key) || item === null || item === "" ? undefined : prunedSpec(item, key);
    if (kept !== undefined) pruned[key] = kept;
  }
  return pruned;
}

function prunedList(list: readonly JsonValue[], key: string): JsonValue | undefined {
  const items = list.flatMap((item) => {
    if (isTokenVolume(item)) return [];
    return (key === "env" ? environmentLine(item) : undefined) ?? prunedSpec(item) ?? [];
  });
  return items.length === 0 ? undefined : items;
}

function environmentLine(item: JsonValue): string | undefined {
  const name = stringAt(item, "name");
  if (name === undefined) return undefined;
  const from = objectAt(item, "valueFrom");
  const secret = stringAt(from, "secretKeyRef", "name");
  const configMap = stringAt(from, "configMapKeyRef", "name");
  const field = stringAt(from, "fieldRef", "fieldPath");
  if (secret !== undefined) return `${name} from Secret ${secret}`;
  if (configMap !== undefined) return `${name} from ConfigMap ${configMap}`;
  if (field !== undefined) return `${name} from ${field}`;
  return stringAt(item, "value") === hidden ? `${name} ${hidden}` : name;
}

// The token of the service account, which every pod mounts.
function isTokenVolume(item: JsonValue): boolean {
  return (stringAt(item, "name") ?? "").startsWith("kube-api-access-");
}
