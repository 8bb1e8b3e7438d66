import type { StoredPoint } from "@binnacle/core";

/** One object of the index, as tables and citations show it. */
export interface ObjectRow {
  readonly documentId: string;
  readonly kind: string;
  readonly group: string;
  /** The type, such as `deployments.apps`. */
  readonly resource: string;
  /** Undefined for an object of the whole cluster. */
  readonly namespace: string | undefined;
  readonly name: string;
  readonly key: string;
  readonly state: string | undefined;
  readonly images: readonly string[];
  readonly nodes: readonly string[];
  readonly labels: readonly string[];
  readonly warnings: readonly string[];
  /** Resource version at which the document was written. */
  readonly resourceVersion: string;
}

/** Reads the row of an object from one of its points. */
export function objectRow({ chunk, metadata }: Pick<StoredPoint, "chunk" | "metadata">): ObjectRow {
  const namespace = text(metadata["namespace"]);
  return {
    documentId: chunk.documentId,
    kind: text(metadata["kind"]),
    group: text(metadata["group"]),
    resource: text(metadata["resource"]),
    namespace: namespace === "" ? undefined : namespace,
    name: text(metadata["name"]),
    key: text(metadata["key"]),
    state: text(metadata["state"]) || undefined,
    images: texts(metadata["images"]),
    nodes: texts(metadata["nodes"]),
    labels: texts(metadata["labels"]),
    warnings: texts(metadata["warnings"]),
    resourceVersion: text(chunk.observed?.["resourceVersion"]),
  };
}

/** Returns the name with which answers cite an object: `kind/namespace/name@resourceVersion`. */
export function citedName({ kind, namespace, name, resourceVersion }: ObjectRow): string {
  const path = [kind, ...(namespace === undefined ? [] : [namespace]), name].join("/");
  return resourceVersion === "" ? path : `${path}@${resourceVersion}`;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
