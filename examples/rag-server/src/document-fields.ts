import type { FieldType, JsonValue, Metadata } from "@binnacle/core";
import { z } from "zod";

/** Fields that filters may name: keys that are common in the front matter of Markdown files. */
export const documentFields = {
  title: "text",
  language: "keyword",
  tags: "keyword",
  category: "keyword",
  author: "keyword",
  date: "datetime",
  draft: "boolean",
} as const satisfies Record<string, FieldType>;

/**
 * Converts metadata to the field types: `tags: 2024` becomes a string, `2024-03-01 09:30` a datetime. Values
 * that do not fit are left out, and the document is still indexed, because front matter is unchecked.
 */
export const documentMetadata = z.custom<Metadata>(isMetadata).transform(fitMetadata);

function isMetadata(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fitMetadata(metadata: Metadata): Metadata {
  const types = new Map<string, FieldType>(Object.entries(documentFields));
  return Object.fromEntries(
    Object.entries(metadata).flatMap(([name, value]) => {
      const type = types.get(name);
      const fitted = type === undefined || value === undefined ? value : fitValue(type, value);
      return fitted === undefined ? [] : [[name, fitted]];
    }),
  );
}

function fitValue(type: FieldType, value: JsonValue): JsonValue | undefined {
  if (isList(value)) return value.flatMap((element) => fitElement(type, element) ?? []);
  return fitElement(type, value);
}

function fitElement(type: FieldType, value: JsonValue): JsonValue | undefined {
  if (type === "datetime") return typeof value === "string" ? asDatetime(value) : undefined;
  if (type === "boolean") return typeof value === "boolean" ? value : undefined;
  return typeof value === "string" || value === null ? value : JSON.stringify(value);
}

// `2024-03-01`, `2024-03-01T09:30Z`, and Jekyll's form: `2024-03-01 09:30:00 +0100`.
const datetime =
  /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?) ?([Zz]|[+-]\d{2}:?\d{2})?)?$/;

function asDatetime(text: string): string | undefined {
  const [, day = "", time, zone = ""] = datetime.exec(text.trim()) ?? [];
  if (!z.iso.date().safeParse(day).success) return undefined;
  if (time === undefined) return day;
  const full = `${day}T${time}${zone}`;
  return Number.isNaN(Date.parse(full)) || time >= "24" ? undefined : full;
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
