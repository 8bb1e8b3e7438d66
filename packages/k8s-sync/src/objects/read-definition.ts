import type { JsonValue } from "@binnacle/core";
import { fieldPath } from "./field-path.ts";
import { isJsonObject, jsonAt, listAt, objectAt, stringAt } from "./json-at.ts";
import type { KubernetesObject } from "./kubernetes-object.ts";
import type { CustomDefinition } from "./resource-type.ts";

const mostPaths = 500;
const deepest = 20;

/** The path of all fields but the metadata. */
export const wholeObject = "*";

/** Reads the part of a CustomResourceDefinition that redaction and rendering use, for one served version. */
export function readDefinition(definition: KubernetesObject, version: string): CustomDefinition {
  const found = listAt(definition, "spec", "versions").find((item) => stringAt(item, "name") === version);
  const columns = listAt(found, "additionalPrinterColumns").flatMap((column) => {
    const [name, path] = [stringAt(column, "name"), stringAt(column, "jsonPath")];
    return name === undefined || path === undefined || stringAt(column, "type") === "date"
      ? []
      : [{ name, path }];
  });
  const schema = jsonAt(found, "schema", "openAPIV3Schema");
  const isOpen = schema === undefined || jsonAt(definition, "spec", "preserveUnknownFields") === true;
  const { hiddenPaths, opaquePaths } = schemaPaths(schema ?? {});
  return { columns, hiddenPaths, opaquePaths: isOpen ? [wholeObject] : opaquePaths };
}

function schemaPaths(schema: JsonValue): Pick<CustomDefinition, "hiddenPaths" | "opaquePaths"> {
  const hiddenPaths = new Set<string>();
  const opaquePaths = new Set<string>();
  const walk = (node: JsonValue, path: string, depth: number): void => {
    if (depth > deepest || hiddenPaths.size + opaquePaths.size > mostPaths) {
      // The schema below this point is not read. Past the count, only the first field of the path is noted.
      opaquePaths.add(depth > deepest && opaquePaths.size < mostPaths ? path : (path.split(".")[0] ?? path));
      return;
    }
    if (isSecretField(node)) {
      hiddenPaths.add(path);
      return;
    }
    if (isOpenField(node)) opaquePaths.add(path === "" ? wholeObject : path);
    for (const [name, property] of Object.entries(objectAt(node, "properties"))) {
      // The server defines these fields itself.
      if (path === "" && isServerField(name)) continue;
      walk(property, fieldPath(path, name), depth + 1);
    }
    for (const items of [jsonAt(node, "items"), jsonAt(node, "additionalProperties")]) {
      if (isJsonObject(items)) walk(items, path === "" ? wholeObject : `${path}.*`, depth + 1);
    }
  };
  walk(schema, "", 0);
  return { hiddenPaths: [...hiddenPaths], opaquePaths: [...opaquePaths] };
}

/** Returns true for the fields of an object that the server defines for every type. */
export function isServerField(name: string): boolean {
  return name === "metadata" || name === "apiVersion" || name === "kind";
}

/** Returns true if the schema allows fields that it does not describe. */
function isOpenField(node: JsonValue): boolean {
  return (
    jsonAt(node, "x-kubernetes-preserve-unknown-fields") === true ||
    jsonAt(node, "additionalProperties") === true
  );
}

/** Returns true if the schema itself says that a field holds a secret. */
function isSecretField(node: JsonValue): boolean {
  if (stringAt(node, "format") === "password") return true;
  return Object.entries(objectAt(node)).some(
    ([key, value]) =>
      /^x-(?:kubernetes-)?(?:.*-)?(?:secret|sensitive|password)/i.test(key) && value !== false,
  );
}
