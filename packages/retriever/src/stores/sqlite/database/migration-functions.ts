import { isPlainObject } from "@binnacle/core/kit";
import { toTextKey } from "./text-key.ts";

/** The SQL functions that the migrations use, by name. */
export const migrationFunctions: Readonly<Record<string, (...values: unknown[]) => string | null>> = {
  text_key_of: textKeyOf,
  canonical_metadata: canonicalMetadata,
};

/** Returns the text key of a JSON string. SQLite's own JSON functions lose half of a surrogate pair. */
function textKeyOf(json: unknown): string | null {
  const value: unknown = typeof json === "string" ? JSON.parse(json) : undefined;
  return typeof value === "string" ? toTextKey(value) : null;
}

// The forms that releases before schema version 9 stored.
const OLD_DATETIME =
  /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2})(:\d{2}(?:\.\d{1,9})?)?(?:([Zz])|([+-]\d{2}):?(\d{2}))?$/;

/** Returns metadata whose datetime fields have the form that filters read. Other values stay as they are. */
function canonicalMetadata(specJson: unknown, metadataJson: unknown): string | null {
  const [spec, metadata] = [specJson, metadataJson].map((json): unknown =>
    typeof json === "string" ? JSON.parse(json) : undefined,
  );
  if (!isPlainObject(metadata)) return typeof metadataJson === "string" ? metadataJson : null;
  const fields = isPlainObject(spec) && isPlainObject(spec["fields"]) ? spec["fields"] : {};
  const members = Object.entries(metadata).map(([name, value]): readonly [string, unknown] => {
    if (!Object.hasOwn(fields, name) || fields[name] !== "datetime") return [name, value];
    return [name, Array.isArray(value) ? value.map(canonicalDatetime) : canonicalDatetime(value)];
  });
  return JSON.stringify(Object.fromEntries(members));
}

function canonicalDatetime(value: unknown): unknown {
  const match = typeof value === "string" ? OLD_DATETIME.exec(value) : null;
  if (!match) return value;
  const [, day, minutes, seconds = ":00", utc, hours, rest] = match;
  const zone = utc === undefined ? "" : "Z";
  return `${day}T${minutes}${seconds}${hours === undefined ? zone : `${hours}:${rest}`}`;
}
