import type { FieldType } from "@binnacle/core";
import type { ResolvedSpec } from "@binnacle/core/stores";
import { EMPTY_LISTS, metadataKey, SOURCE, TENANT } from "../wire/payload-keys.ts";

/** A payload index in the form in which Qdrant creates it. */
export interface PayloadIndex {
  readonly field_name: string;
  readonly field_schema: Readonly<Record<string, unknown>>;
}

const KEYWORD = { type: "keyword" } as const;

// The word tokenizer cuts like `words`, so `$text` finds the same words in every store.
const SCHEMAS: Readonly<Record<FieldType, Readonly<Record<string, unknown>>>> = {
  keyword: KEYWORD,
  text: { type: "text", tokenizer: "word", lowercase: true },
  integer: { type: "integer", lookup: true, range: true },
  float: { type: "float" },
  boolean: { type: "bool" },
  datetime: { type: "datetime" },
};

/** Returns every index of a collection: those of the SDK's own fields, and those of the declared fields by
 * type. */
export function payloadIndexes({ fields, tenancy }: ResolvedSpec): readonly PayloadIndex[] {
  return [
    ...(tenancy === "required"
      ? [{ field_name: TENANT, field_schema: { type: "keyword", is_tenant: true } }]
      : []),
    { field_name: SOURCE, field_schema: KEYWORD },
    { field_name: "documentId", field_schema: KEYWORD },
    { field_name: "index", field_schema: SCHEMAS.integer },
    { field_name: EMPTY_LISTS, field_schema: KEYWORD },
    ...Object.entries(fields).flatMap(([name, type]) =>
      type ? [{ field_name: metadataKey(name), field_schema: SCHEMAS[type] }] : [],
    ),
  ];
}
