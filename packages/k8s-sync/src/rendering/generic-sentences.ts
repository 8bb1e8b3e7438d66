import type { JsonValue } from "@binnacle/core";
import { isJsonList, isJsonObject, stringAt, scalarAt, type JsonObject } from "../objects/json-at.ts";
import type { PrinterColumn } from "../objects/resource-type.ts";
import { joinWords } from "./phrases.ts";

/** Describes an object of an unknown kind by its printer columns, and else by the scalars of its status. */
export function genericSentences(object: JsonObject, columns: readonly PrinterColumn[]): readonly string[] {
  const shown = columns.flatMap(({ name, path }) => {
    const text = valueAt(object, path);
    return text === undefined || text === "" ? [] : [`${name} ${text}`];
  });
  const phase = scalarAt(object, "status", "phase") ?? scalarAt(object, "status", "state");
  const words = shown.length === 0 && phase !== undefined ? [`phase ${phase}`] : shown;
  const about = stringAt(object, "spec", "description");
  return [
    ...(words.length === 0 ? ["is a custom object"] : [`has ${joinWords(words)}`]),
    ...(about === undefined ? [] : [about.slice(0, 300)]),
  ];
}

/** Reads a printer column's path: fields, list indexes, and a filter such as `[?(@.type=="Ready")]`. */
export function valueAt(object: JsonValue, path: string): string | undefined {
  const steps = path.matchAll(
    /\.?([A-Za-z0-9_-]+(?:\\\.[A-Za-z0-9_-]+)*)|\[(\d+|\*)\]|\[\?\(@\.([\w.]+)\s*==\s*['"]([^'"]*)['"]\)\]/g,
  );
  let found: readonly JsonValue[] = [object];
  for (const [, field, index, filterField, wanted] of steps) {
    found = found.flatMap((value): readonly JsonValue[] => {
      if (field !== undefined) return isJsonObject(value) ? present(value[field.replaceAll("\\.", ".")]) : [];
      if (!isJsonList(value)) return [];
      if (filterField !== undefined)
        return value.filter((item) => scalarAt(item, ...filterField.split(".")) === wanted);
      return index === "*" ? value : present(value[Number(index)]);
    });
  }
  const words = found.flatMap((value) => scalarAt(value) ?? []);
  return words.length === 0 ? undefined : words.join(", ");
}

function present(value: JsonValue | undefined): readonly JsonValue[] {
  return value === undefined ? [] : [value];
}
