import type { JsonValue } from "@binnacle/core";
import type { JsonObject } from "../objects/json-at.ts";

const name = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;

/** Fields that name something, and the form of their values. */
const forms: ReadonlyMap<string, RegExp> = new Map([
  ["apiVersion", /^(?:[a-z][a-z0-9.-]{0,200}\/)?v\d\w{0,10}$/],
  ["driver", /^[a-z0-9][a-z0-9./-]{0,252}$/],
  ["fsType", /^(?:ext[234]|xfs|btrfs|zfs|ntfs|nfs|tmpfs|vfat|cifs)$/],
  ["group", /^[a-z][a-z0-9.-]{0,252}$/],
  ["key", /^[\w.-]{1,253}$/],
  ["kind", /^[A-Z][A-Za-z]{0,62}$/],
  ["name", name],
  ["namespace", name],
  ["secretName", name],
]);

const besideKey: ReadonlySet<string> = new Set([
  "apiVersion",
  "group",
  "key",
  "kind",
  "name",
  "namespace",
  "optional",
]);

/**
 * Returns true if a field below a `secret` field names something and holds no secret: its value has the form of
 * a name. A `key` is the key of a Secret only beside the Secret's name, or in the `items` of a volume.
 */
export function isShownReference(field: string, value: JsonValue, owner: JsonObject, path: string): boolean {
  if (typeof value !== "string" || forms.get(field)?.test(value) !== true) return false;
  if (field !== "key") return true;
  const isSelector =
    typeof owner["name"] === "string" && Object.keys(owner).every((each) => besideKey.has(each));
  return isSelector || path.endsWith(".items.*.key");
}
