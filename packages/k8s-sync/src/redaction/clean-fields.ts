import type { JsonValue } from "@binnacle/core";
import { fieldPath } from "../objects/field-path.ts";
import { isJsonList, isJsonObject, type JsonObject } from "../objects/json-at.ts";
import { cleanEnvironment, cleanHeaders } from "./clean-pairs.ts";
import { fieldRule, type FieldRule } from "./field-rules.ts";
import { hidden } from "./hidden.ts";
import { redactArguments } from "./redact-arguments.ts";
import { cutText, scrubText } from "./scrub-text.ts";
import { isShownReference } from "./shown-reference.ts";
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
  /** Remembers `isSensitiveName`. */
  readonly isSensitive: (name: string) => boolean;
  readonly onHidden: (value: string) => void;
}

/** The name of a field. */
export interface FieldName {
  readonly rule: FieldRule;
  readonly clean: string;
  /** True if it may hold the value of a parameter beside its name. */
  readonly holdsValue: boolean;
}

/** The place of a field within its object. */
interface Place {
  readonly path: string;
  readonly inStatus: boolean;
  readonly mode: "plain" | "secret" | "sealed" | "opaque";
}

const pairFields: ReadonlySet<string> = new Set([
  "default",
  "defaultValue",
  "stringValue",
  "value",
  "values",
]);

/** Reads the name of a field. */
export function readFieldName(name: string): FieldName {
  return { rule: fieldRule(name), clean: scrubText(name), holdsValue: pairFields.has(name) };
}

/** Returns the object without secrets and noise. Keys stay in their order. */
export function cleanFields(object: JsonObject, cleaner: FieldCleaner): JsonObject {
  return cleanObject(object, { path: "", inStatus: false, mode: "plain" }, cleaner);
}

function cleanObject(object: JsonObject, place: Place, cleaner: FieldCleaner): JsonObject {
  const clean: Record<string, JsonValue> = {};
  const { kind, name: pairName = object["key"] } = object;
  const embedsData = place.path !== "" && (kind === "Secret" || kind === "ConfigMap");
  // A list of parameters may name a secret beside its value: { name: adminPassword, value: … }.
  const isPair = (): boolean => typeof pairName === "string" && cleaner.isSensitive(pairName);
  // Most fields are plain strings and numbers, for which no place is needed.
  const isSimple = place.mode === "plain" && !place.inStatus && !hasPaths(cleaner);
  for (const name in object) {
    const value = object[name];
    if (value === undefined) continue;
    const field = cleaner.field(name);
    const isHidden = field.holdsValue && isPair();
    if (isSimple && field.rule === "plain" && typeof value !== "object" && !isHidden) {
      clean[field.clean] = typeof value === "string" ? cleanText(value, cleaner) : value;
      continue;
    }
    if (embedsData && /^(?:data|stringData|binaryData)$/.test(name)) continue;
    const cleaned = isHidden
      ? hide(JSON.stringify(value), cleaner)
      : cleanField(name, object, place, cleaner);
    if (cleaned !== undefined) clean[field.clean] = cleaned;
  }
  return clean;
}

function hasPaths({ hiddenPaths, opaquePaths }: FieldCleaner): boolean {
  return hiddenPaths.length > 0 || opaquePaths.length > 0;
}

function cleanField(
  name: string,
  owner: JsonObject,
  parent: Place,
  cleaner: FieldCleaner,
): JsonValue | undefined {
  const value = owner[name] ?? null;
  const path = fieldPath(parent.path, name);
  const inStatus = parent.inStatus || name === "status";
  if (cleaner.hiddenPaths.length > 0 && matches(cleaner.hiddenPaths, path)) return undefined;
  if (inStatus && isStatusNoise(name, value)) return undefined;
  if (inStatus && name === "restartCount" && typeof value === "number") return inSteps(value);
  if (parent.mode === "sealed") return cleanValue(value, { path, inStatus, mode: "sealed" }, cleaner);
  if (parent.mode === "secret") {
    if (isShownReference(name, value, owner, path) && isCleanText(value, cleaner)) return value;
    const mode = name === "options" ? "sealed" : "secret";
    return cleanValue(value, { path, inStatus, mode }, cleaner);
  }
  if (isAnnotations(name, parent.path)) return shownAnnotations(value, cleaner);
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
    case "sealed":
      return cleanValue(value, { ...place, mode: rule }, cleaner);
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
      const clean = typeof item === "string" ? cleaner.scrub(item) : cleanField(key, value, place, cleaner);
      return [cleaner.scrub(key), clean ?? null];
    }),
  );
}

/** Cleans a command line. An argument that is no string, as some custom resources have, is opaque. */
function cleanCommand(value: JsonValue, place: Place, cleaner: FieldCleaner): JsonValue {
  const opaque: Place = { ...place, mode: "opaque" };
  if (!isJsonList(value)) return cleanValue(value, opaque, cleaner);
  const line = value.map((part) => (typeof part === "string" ? part : cleanValue(part, opaque, cleaner)));
  return redactArguments(line, cleaner);
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
  if (place.mode === "secret" || place.mode === "sealed") return hide(String(value), cleaner);
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

function isCleanText(value: JsonValue, { scrub }: FieldCleaner): boolean {
  return typeof value === "string" && scrub(value) === value;
}

// `podMetadata`, `serviceAnnotations` and a `template` hold annotations of other objects. The annotations of an
// alert are its text.
function isAnnotations(name: string, parent: string): boolean {
  if (name === "annotations") return /(?:etadata|[Tt]emplate)$/.test(parent);
  return name.endsWith("Annotations");
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
