import { ConfigurationError, type CollectionInfo, type UnparsedFilter } from "@binnacle/core";
import { documentFields } from "../document-fields.ts";
import { hintFor, type IndexPlace } from "../invocation.ts";

/** Refuses a filter on a field that the index does not have. The store checks the rest. */
export function checkFilterFields(filter: UnparsedFilter, info: CollectionInfo, place: IndexPlace): void {
  const declared = Object.keys(info.fields ?? {});
  const unknown = [...new Set(fieldsOf(filter))].filter((name) => !declared.includes(name));
  if (unknown.length === 0) return;
  const names = unknown.map((name) => `"${name}"`).join(", ");
  const isOld = unknown.every((name) => Object.hasOwn(documentFields, name));
  throw new ConfigurationError(
    isOld
      ? `--filter: this index was made before documents could be filtered by ${names}; run "${hintFor(["ingest", "DIR"], place)}" once more`
      : `--filter: documents cannot be filtered by ${names}; use ${Object.keys(documentFields).join(", ")}`,
  );
}

/** Returns the names of all fields in a filter. Names that begin with `$` are operators. */
function fieldsOf(filter: unknown): readonly string[] {
  if (Array.isArray(filter)) return filter.flatMap(fieldsOf);
  if (typeof filter !== "object" || filter === null) return [];
  return Object.entries(filter).flatMap(([key, value]) => (key.startsWith("$") ? fieldsOf(value) : [key]));
}
