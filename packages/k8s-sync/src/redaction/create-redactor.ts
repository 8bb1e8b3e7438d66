import type { JsonValue } from "@binnacle/core";
import { isJsonList, isJsonObject, jsonAt, stringAt, type JsonObject } from "../objects/json-at.ts";
import type { KubernetesObject } from "../objects/kubernetes-object.ts";
import { fieldPath } from "../objects/field-path.ts";
import { isServerField, wholeObject } from "../objects/read-definition.ts";
import type { ResourceType } from "../objects/resource-type.ts";
import { boundedMemo } from "./bounded-memo.ts";
import { cleanFields, readFieldName, type FieldCleaner } from "./clean-fields.ts";
import { hidden } from "./hidden.ts";
import {
  hiddenPathsOf,
  isConfigMapType,
  isCustomGroup,
  isSecretType,
  isUnreadType,
} from "./hidden-by-type.ts";
import { isSensitiveName } from "./is-sensitive-name.ts";
import { maskValues, type ValueMask } from "./mask-values.ts";
import { ownNames } from "./own-names.ts";
import type { RedactionOptions } from "./redaction-options.ts";
import { isPlainWord, isSingleWord, scrubText } from "./scrub-text.ts";
import { selectsConfigMap } from "./selects-config-map.ts";
import { shownAnnotation } from "./shown-annotation.ts";
import { withoutTimes } from "./status-noise.ts";

/** An object after redaction, with the values that were hidden in it. */
export interface RedactedObject {
  readonly object: KubernetesObject;
  /** Returns a text without the values that this object hides, such as the message of an event. */
  mask(text: string): string;
}

/** Redacts objects of any type, and leaves out more paths if asked. Undefined if nothing of the object may be
 * read. */
export type Redactor = (
  object: KubernetesObject,
  resource: ResourceType,
  alsoHidden?: readonly string[],
) => RedactedObject | undefined;

/**
 * Creates a redactor. It runs before anything is hashed or rendered, and also leaves out what changes while
 * nothing happens. It keeps a bounded memory of strings, so keep one redactor for a run.
 */
export function createRedactor(options: RedactionOptions = {}): Redactor {
  const remembered = boundedMemo(4_000, scrubText);
  // Names and ids differ in each object, and are quick to read.
  const scrub = (text: string): string =>
    isPlainWord(text) ? text : isSingleWord(text) ? scrubText(text) : remembered(text);
  const parts = {
    scrub,
    scrubMessage: boundedMemo(2_000, (text) => withoutTimes(scrub(text))),
    field: boundedMemo(5_000, readFieldName),
    isSensitive: boundedMemo(5_000, isSensitiveName),
    isShownAnnotation: shownAnnotation(options.annotations ?? []),
  };
  return (object, resource, alsoHidden = []) => {
    if (isUnreadType(resource)) return undefined;
    const readable = readablePart(object, resource, options);
    if (readable === undefined) return undefined;
    const found = new Set<string>();
    const isCustom = resource.definition !== undefined || isCustomGroup(resource);
    const cleaner: FieldCleaner = {
      ...parts,
      hiddenPaths: [...hiddenPathsOf(resource), ...(resource.definition?.hiddenPaths ?? []), ...alsoHidden],
      opaquePaths: opaquePathsOf(readable, resource, isCustom),
      isCustom,
      onHidden: (value) => found.add(value),
    };
    const clean = cleanFields(readable, cleaner);
    const mask = maskValues(found, () => ownNames(object));
    return { object: mask.object(clean), mask: textMask(mask, scrub) };
  };
}

// A function of its own, because the function that it returns outlives the object.
function textMask(mask: ValueMask, scrub: (text: string) => string): RedactedObject["mask"] {
  return (text) => mask.text(scrub(text));
}

function opaquePathsOf(
  object: KubernetesObject,
  { definition }: ResourceType,
  isCustom: boolean,
): readonly string[] {
  if (definition === undefined && !isCustom) return [];
  const fields = Object.keys(object).flatMap((name) => (isServerField(name) ? [] : fieldPath("", name)));
  // Without its schema, any field of a custom resource may be marked as a password.
  if (definition === undefined) return fields.filter((name) => name !== "status");
  return definition.opaquePaths.includes(wholeObject) ? fields : definition.opaquePaths;
}

/** Leaves out the data of Secrets and ConfigMaps. */
function readablePart(
  object: KubernetesObject,
  resource: ResourceType,
  options: RedactionOptions,
): KubernetesObject | undefined {
  if (isSecretType(resource)) return options.secrets === "keys" ? secretKeys(object) : undefined;
  if (!isConfigMapType(resource)) return object;
  // Helm stores releases with all their values, and every namespace has the same root certificate.
  if (stringAt(object, "metadata", "labels", "owner") === "helm") return undefined;
  if (stringAt(object, "metadata", "name") === "kube-root-ca.crt") return undefined;
  if (options.configMapValues && selectsConfigMap(options.configMapValues, object)) return object;
  return { ...object, data: hiddenValues(object["data"]), binaryData: hiddenValues(object["binaryData"]) };
}

function secretKeys(object: KubernetesObject): KubernetesObject {
  const {
    name = "",
    namespace = "",
    labels = {},
    uid = "",
    ownerReferences = [],
  } = {
    ...(isJsonObject(object["metadata"]) ? object["metadata"] : {}),
  };
  return {
    metadata: { name, namespace, labels, uid, ownerReferences },
    type: jsonAt(object, "type") ?? "Opaque",
    keys: [
      ...new Set([
        ...Object.keys(isJsonObject(object["data"]) ? object["data"] : {}),
        ...Object.keys(isJsonObject(object["stringData"]) ? object["stringData"] : {}),
      ]),
    ].sort(),
  };
}

function hiddenValues(data: JsonValue | undefined): JsonObject {
  if (!isJsonObject(data) || isJsonList(data)) return {};
  return Object.fromEntries(Object.keys(data).map((key) => [key, hidden]));
}
