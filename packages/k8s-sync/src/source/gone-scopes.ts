import type { ClusterCatalog } from "./cluster-catalog.ts";

/** Returns true if a scope is certainly gone: its type is not served by a cluster whose groups all answer, or
 * its namespace does not exist. */
export function isGone(scope: string, catalog: ClusterCatalog): boolean {
  if (catalog.missingNamespaces.has(namespaceOf(scope))) return true;
  const [type = ""] = scope.split("/");
  return !catalog.served.has(type) && !isUnsure(scope, catalog);
}

/** Returns true if the group of an unlisted scope does not answer. */
export function isUnsure(scope: string, { scopes, unavailable }: ClusterCatalog): boolean {
  if (scopes.some(({ name }) => name === scope)) return false;
  const [type = ""] = scope.split("/");
  return unavailable.some(({ group }) => (group === "" ? !type.includes(".") : type.endsWith(`.${group}`)));
}

/** Returns the namespace of a scope, or "" if it has none. */
export function namespaceOf(scope: string): string {
  const slash = scope.indexOf("/");
  return slash === -1 ? "" : scope.slice(slash + 1);
}
