/** The names of one object, without its version, which several references leave out. */
export interface ObjectName {
  readonly group: string;
  readonly kind: string;
  /** Empty for an object of the whole cluster. */
  readonly namespace: string;
  readonly name: string;
}

/** Returns the key of an object within its cluster, such as `Deployment.apps/shop/web` or `Node/n1`. */
export function objectKey({ group, kind, namespace, name }: ObjectName): string {
  const type = group === "" ? kind : `${kind}.${group}`;
  return namespace === "" ? `${type}/${name}` : `${type}/${namespace}/${name}`;
}

/** Reads a key of `objectKey`. Undefined if the text is no such key. */
export function parseObjectKey(key: string): ObjectName | undefined {
  const parts = key.split("/");
  const [type = "", ...names] = parts;
  const name = names.at(-1);
  if (type === "" || name === undefined || names.length > 2) return undefined;
  const dot = type.indexOf(".");
  return {
    group: dot === -1 ? "" : type.slice(dot + 1),
    kind: dot === -1 ? type : type.slice(0, dot),
    namespace: names.length === 2 ? (names[0] ?? "") : "",
    name,
  };
}
