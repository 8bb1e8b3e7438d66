import type { JsonValue } from "@binnacle/core";
import { isJsonList, isJsonObject, type JsonObject } from "../objects/json-at.ts";
import { cleanEnvironment, cleanHeaders } from "./clean-pairs.ts";
import { isSensitiveName } from "./is-sensitive-name.ts";
import { referenceFields, type FieldRule } from "./field-rules.ts";
import { hidden } from "./hidden.ts";
import { redactArguments } from "./redact-arguments.ts";
import { cutText } from "./scrub-text.ts";
import { inSteps, isStatusNoise } from "./status-noise.ts";

/** The rules by which one object is cleaned. */
export interface FieldCleaner {
  readonly scrub: (text: string) => string;
  readonly scrubMessage: (text: string) => string;
  /** The rule for a field's name, and the name without secrets in it. */
  readonly field: (name: string) => FieldName;
  readonly isShownAnnotation: (key: string) => boolean;
  /** Dotted paths that are left out. `*` stands for any key or index. */
  readonly hiddenPaths: readonly string[];
  /** Dotted paths below which strings are hidden. */
  readonly opaquePaths: readonly string[];
  /** True for a type outside the API groups of Kubernetes. */
  readonly isCustom: boolean;
  readonly onHidden: (value: string) => void;
}

/** The name of a field. */
export interface FieldName {
  readonly rule: FieldRule;
  readonly clean: string;
}

/** The place of a field within its object. */
interface Place {
  readonly path: string;
  readonly inStatus: boolean;
  readonly mode: "plain" | "secret" | "opaque";
}

/** Returns the object without secrets and noise. Keys stay in their order. */
export function cleanFields(object: JsonObject, cleaner: FieldCleaner): JsonObject {
  return cleanObject(object, { path: "", inStatus: false, mode: "plain" }, cleaner);
}

function cleanObject(object: JsonObject, place: Place, cleaner: FieldCleaner): JsonObject {
  const clean: Record<string, JsonValue> = {};
  const { kind, value: pairValue, name: pairName = object["key"] } = object;
  const embedsData = place.path !== "" && (kind === "Secret" || kind === "ConfigMap");
  // A list of parameters may name a secret beside its value: { name: adminPassword, value: … }.
  const isPair = pairValue !== undefined && typeof pairName === "string";
  const hiddenBy = isPair && isSensitiveName(pairName) ? "value" : undefined;
  // Most fields are plain strings and numbers, for which no place is needed.
  const isSimple = place.mode === "plain" && !place.inStatus && !hasPaths(cleaner);
  for (const name in object) {
    const value = object[name];
    if (value === undefined) continue;
    const field = cleaner.field(name);
    if (isSimple && field.rule === "plain" && typeof value !== "object" && name !== hiddenBy) {
      clean[field.clean] = typeof value === "string" ? cleanText(value, cleaner) : value;
      continue;
    }
    if (embedsData && /^(?:data|stringData|binaryData)$/.test(name)) continue;
    const cleaned =
      name === hiddenBy ? hide(JSON.stringify(value), cleaner) : cleanField(name, value, place, cleaner);
    if (cleaned !== undefined) clean[field.clean] = cleaned;
  }
  return clean;
}

function hasPaths({ hiddenPaths, opaquePaths }: FieldCleaner): boolean {
  return hiddenPaths.length > 0 || opaquePaths.length > 0;
}

function cleanField(
  name: string,
  value: JsonValue,
  parent: Place,
  cleaner: FieldCleaner,
): JsonValue | undefined {
  const path = parent.path === "" ? name : `${parent.path}.${name}`;
  const inStatus = parent.inStatus || name === "status";
  if (cleaner.hiddenPaths.length > 0 && matches(cleaner.hiddenPaths, path)) return undefined;
  if (inStatus && isStatusNoise(name, value)) return undefined;
  if (inStatus && name === "restartCount" && typeof value === "number") return inSteps(value);
  if (parent.mode === "secret") {
    return referenceFields.has(name)
      ? reference(value)
      : cleanValue(value, { path, inStatus, mode: "secret" }, cleaner);
  }
  if (name === "annotations" && (parent.path === "metadata" || parent.path.endsWith(".metadata"))) {
    return shownAnnotations(value, cleaner);
  }
  const opaque = cleaner.opaquePaths.length > 0 && matches(cleaner.opaquePaths, path);
  const mode = opaque ? "opaque" : parent.mode;
  return applyRule(cleaner.field(name).rule, value, { path, inStatus, mode }, cleaner);
}

function applyRule(
  rule: FieldRule,
  value: JsonValue,
  place: Place,
  cleaner: FieldCleaner,
): JsonValue | undefined {
  switch (rule) {
    case "drop":
      return undefined;
    case "environment":
      return cleanEnvironment(value, cleaner, (item) => cleanValue(item, place, cleaner));
    case "command":
      return cleanCommand(value, place, cleaner);
    case "headers":
      return cleanHeaders(value, cleaner);
    case "labels":
      return cleanLabels(value, place, cleaner);
    case "secret":
      return cleanValue(value, { ...place, mode: "secret" }, cleaner);
    case "plain":
      return cleanValue(value, place, cleaner);
    default:
      return rule satisfies never;
  }
}

/** Cleans labels by their values alone. A selector may hold more than labels. */
function cleanLabels(value: JsonValue, place: Place, cleaner: FieldCleaner): JsonValue {
  if (!isJsonObject(value) || place.mode !== "plain") return cleanValue(value, place, cleaner);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const clean = typeof item === "string" ? cleaner.scrub(item) : cleanField(key, item, place, cleaner);
      return [cleaner.scrub(key), clean ?? null];
    }),
  );
}

/** Cleans a command line. An argument that is no string, as some custom resources have, is opaque. */
function cleanCommand(value: JsonValue, place: Place, cleaner: FieldCleaner): JsonValue {
  const opaque: Place = { ...place, mode: "opaque" };
  if (!isJsonList(value)) return cleanValue(value, opaque, cleaner);
  const line = value.map((part) => (typeof part === "string" ? part : cleanValue(part, opaque, cleaner)));
  return redactArguments(line, cleaner.scrub, cleaner.onHidden);
}

function cleanValue(value: JsonValue, place: Place, cleaner: FieldCleaner): JsonValue {
  if (isJsonList(value)) {
    const path = `${place.path}.*`;
    if (matches(cleaner.hiddenPaths, path)) return hidden;
    const inList = matches(cleaner.opaquePaths, path) ? "opaque" : place.mode;
    return value.map((item) => cleanValue(item, { ...place, path, mode: inList }, cleaner));
  }
  if (isJsonObject(value)) return cleanObject(value, place, cleaner);
  return cleanScalar(value, place, cleaner);
}

function cleanScalar(
  value: string | number | boolean | null,
  place: Place,
  cleaner: FieldCleaner,
): JsonValue {
  if (typeof value === "boolean" || value === null) return value;
  if (place.mode === "secret") return hide(String(value), cleaner);
  if (typeof value === "number") return value;
  if (place.mode === "opaque") return hide(value, cleaner);
  return place.inStatus ? cleaner.scrubMessage(value) : cleanText(value, cleaner);
}

// A custom resource may hold a whole file or script, which no pattern can judge.
function cleanText(value: string, cleaner: FieldCleaner): string {
  return cleaner.isCustom && value.includes("\n") ? hide(value, cleaner) : cleaner.scrub(value);
}

function hide(value: string, { onHidden }: FieldCleaner): string {
  if (value.length >= 8 && !/^[a-z-]+$/.test(value)) onHidden(value);
  return hidden;
}

function reference(value: JsonValue): JsonValue {
  return typeof value === "string" && /^[A-Za-z0-9]([A-Za-z0-9._/-]{0,252})$/.test(value) ? value : hidden;
}

function shownAnnotations(
  value: JsonValue,
  { isShownAnnotation, scrub }: FieldCleaner,
): JsonObject | undefined {
  if (!isJsonObject(value)) return undefined;
  const shown = Object.entries(value).flatMap(([key, text]) =>
    isShownAnnotation(key) && typeof text === "string"
      ? [[key, scrub(cutText(text, 2000)).slice(0, 500)] as const]
      : [],
  );
  return shown.length === 0 ? undefined : Object.fromEntries(shown);
}

function matches(paths: readonly string[], path: string): boolean {
  return paths.some((pattern) => {
    if (pattern === path) return true;
    if (!pattern.includes("*")) return false;
    const [wanted, found] = [pattern.split("."), path.split(".")];
    return wanted.length === found.length && wanted.every((part, at) => part === "*" || part === found[at]);
  });
}
