import type { ResourceType } from "../objects/resource-type.ts";

/** Returns the path of a collection, or of one object in it. */
export function resourcePath(
  { group, version, plural }: Pick<ResourceType, "group" | "version" | "plural">,
  namespace: string | undefined,
  name?: string,
): string {
  const root = group === "" ? ["api", version] : ["apis", group, version];
  const space = namespace === undefined || namespace === "" ? [] : ["namespaces", namespace];
  const object = name === undefined ? [] : [name];
  return `/${[...root, ...space, plural, ...object].map(encodeURIComponent).join("/")}`;
}
