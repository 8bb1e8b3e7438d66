import type { JsonValue } from "@binnacle/core";
import { isPlainObject } from "@binnacle/core/kit";
import { stringAt } from "./json-at.ts";

/** One object as the API server sends it: raw JSON, never a client library's model. Items of a list carry no
 * `kind`, so the {@link ResourceType} says what the object is. */
export type KubernetesObject = { readonly [field: string]: JsonValue };

/** Returns true if the value is JSON of an object with a name. Only values out of `JSON.parse` may be
 * passed. */
export function isKubernetesObject(value: unknown): value is KubernetesObject {
  if (!isPlainObject(value)) return false;
  const { metadata } = value;
  return isPlainObject(metadata) && typeof metadata["name"] === "string";
}

/** The part of an object's metadata that tells it from all other objects. */
export interface ObjectIdentity {
  /** Empty for an object of the whole cluster. */
  readonly namespace: string;
  readonly name: string;
  /** Empty if the server assigned none. */
  readonly uid: string;
  /** Empty if the object has none. */
  readonly resourceVersion: string;
}

/** Reads the identity of an object. */
export function identityOf(object: KubernetesObject): ObjectIdentity {
  const { metadata } = object;
  return {
    namespace: stringAt(metadata, "namespace") ?? "",
    name: stringAt(metadata, "name") ?? "",
    uid: stringAt(metadata, "uid") ?? "",
    resourceVersion: stringAt(metadata, "resourceVersion") ?? "",
  };
}

/** The part of an object's metadata that its content does not have. */
export interface ObservedIdentity {
  /** Empty if the server assigned none. */
  readonly uid: string;
  /** Empty if the object has none. */
  readonly resourceVersion: string;
  readonly createdAt: string | undefined;
}

/** Reads the metadata that redaction leaves out. */
export function observedIdentity({ metadata }: KubernetesObject): ObservedIdentity {
  return {
    uid: stringAt(metadata, "uid") ?? "",
    resourceVersion: stringAt(metadata, "resourceVersion") ?? "",
    createdAt: stringAt(metadata, "creationTimestamp"),
  };
}
