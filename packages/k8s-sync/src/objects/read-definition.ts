import type { JsonValue } from "@binnacle/core";
import { isJsonObject, jsonAt, listAt, objectAt, stringAt } from "./json-at.ts";
import type { KubernetesObject } from "./kubernetes-object.ts";
import type { CustomDefinition } from "./resource-type.ts";

const mostPaths = 500;
const deepest = 12;

/** Reads the part of a CustomResourceDefinition that redaction and rendering use, for one served version. */
export function readDefinition(definition: KubernetesObject, version: string): CustomDefinition {
  const found = listAt(definition, "spec", "versions").find((item) => stringAt(item, "name") === version);
  const columns = listAt(found, "additionalPrinterColumns").flatMap((column) => {
    const [name, path] = [stringAt(column, "name"), stringAt(column, "jsonPath")];
    return name === undefined || path === undefined || stringAt(column, "type") === "date"
      ? []
      : [{ name, path }];
  });
  const paths = schemaPaths(objectAt(found, "schema", "openAPIV3Schema"));
  return { columns, ...paths };
}

function schemaPaths(schema: JsonValue): Pick<CustomDefinition, "hiddenPaths" | "opaquePaths"> {
  const hiddenPaths: string[] = [];
  const opaquePaths: string[] = [];
  const walk = (node: JsonValue | undefined, path: string, depth: number): void => {
    if (node === undefined || depth > deepest || hiddenPaths.length + opaquePaths.length > mostPaths) return;
    if (isSecretField(node)) {
      hiddenPaths.push(path);
      return;
    }
    if (path !== "" && jsonAt(node, "x-kubernetes-preserve-unknown-fields") === true) opaquePaths.push(path);
    for (const [name, property] of Object.entries(objectAt(node, "properties"))) {
      // The server defines these fields itself.
      if (path === "" && (name === "metadata" || name === "apiVersion" || name === "kind")) continue;
      walk(property, path === "" ? name : `${path}.${name}`, depth + 1);
    }
    if (isJsonObject(jsonAt(node, "items"))) walk(jsonAt(node, "items"), `${path}.*`, depth + 1);
    if (isJsonObject(jsonAt(node, "additionalProperties"))) {
      walk(jsonAt(node, "additionalProperties"), `${path}.*`, depth + 1);
    }
  };
  walk(schema, "", 0);
  return { hiddenPaths, opaquePaths };
}

/** Returns true if the schema itself says that a field holds a secret. */
function isSecretField(node: JsonValue): boolean {
  if (stringAt(node, "format") === "password") return true;
  return Object.entries(objectAt(node)).some(
    ([key, value]) =>
      /^x-(?:kubernetes-)?(?:.*-)?(?:secret|sensitive|password)/i.test(key) && value !== false,
  );
}
