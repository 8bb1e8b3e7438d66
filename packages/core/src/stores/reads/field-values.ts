import { ConfigurationError } from "../../errors/configuration-error.ts";
import type { FacetValue } from "../../spec/facet.ts";
import type { FieldType, JsonValue, Metadata, MetadataFields } from "../../spec/metadata.ts";
import { describeValue } from "../../kit/parsing/describe-value.ts";
import { instant } from "../filter/instant.ts";

/** Returns the values of a field, those of its elements if it holds an array. Reads only own properties. */
export function elementsOf(metadata: Metadata, field: string): readonly JsonValue[] {
  const value = Object.hasOwn(metadata, field) ? metadata[field] : undefined;
  if (value === undefined) return [];
  return isList(value) ? value : [value];
}

/** Returns the different values of a field that have its type. */
export function facetValues(
  metadata: Metadata,
  { field, type }: { readonly field: string; readonly type: FieldType },
): ReadonlySet<FacetValue> {
  const values = new Set<FacetValue>();
  for (const value of elementsOf(metadata, field)) {
    if (type === "keyword" && typeof value === "string") values.add(value);
    if (type === "boolean" && typeof value === "boolean") values.add(value);
    if (type === "integer" && Number.isInteger(value)) values.add(Number(value));
  }
  return values;
}

/** A value of an ordered field. Datetimes are instants in microseconds. */
export type Position = number | bigint;

/** Returns the values of a field that have its type and an order. */
export function positionsOf(
  metadata: Metadata,
  { field, type }: { readonly field: string; readonly type: FieldType },
): readonly Position[] {
  const positions: Position[] = [];
  for (const value of elementsOf(metadata, field)) {
    const position = positionOf(value, type);
    if (position !== undefined) positions.push(position);
  }
  return positions;
}

/** Returns the position of one value, or undefined if it does not have the type. */
export function positionOf(value: unknown, type: FieldType): Position | undefined {
  if (type === "datetime") return typeof value === "string" ? instant(value) : undefined;
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** Types of the fields that have facets and groups. */
export const FACET_TYPES: readonly FieldType[] = ["keyword", "integer", "boolean"];
/** Types of the fields that have an order. */
export const ORDERED_TYPES: readonly FieldType[] = ["integer", "float", "datetime"];

/** Returns the type of a declared field. Throws a `ConfigurationError` if it is not declared, or has another
 * type than `allowed`. */
export function declaredType(
  path: string,
  field: unknown,
  fields: MetadataFields,
  allowed: readonly FieldType[],
): FieldType {
  const type = typeof field === "string" && Object.hasOwn(fields, field) ? fields[field] : undefined;
  if (type !== undefined && allowed.includes(type)) return type;
  const found = type === undefined ? "the collection does not declare it" : `its type is "${type}"`;
  const names = Object.keys(fields).filter((name) => allowed.includes(fields[name] ?? "text"));
  const way =
    names.length > 0 ? `Use one of: ${names.join(", ")}` : `Declare one with type ${allowed.join(", ")}`;
  const message = `cannot use field ${describeValue(field)}: ${found}. ${way}`;
  throw new ConfigurationError(`${path}: ${message}.`, { issues: [{ path, message }] });
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
