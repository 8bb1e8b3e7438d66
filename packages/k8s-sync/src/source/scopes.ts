import { canonicalDigest } from "@binnacle/core/kit";
import { resourcePath } from "../cluster/resource-path.ts";
import { resourceTypeName, type ResourceType } from "../objects/resource-type.ts";
import type { CollectionQuery } from "../reflector/list-pages.ts";
import type { KubernetesSourceSettings } from "./kubernetes-source-options.ts";

/** One scope of a cluster: a type, or a type in one namespace. */
export interface ClusterScope {
  /** `deployments.apps`, or `deployments.apps/shop` in one namespace. */
  readonly name: string;
  readonly type: ResourceType;
  readonly query: CollectionQuery;
  /** Changes with everything that decides which objects the scope has and how they are rendered. A
   * checkpoint of another selection does not count. */
  readonly digest: string;
}

type Selection = Pick<KubernetesSourceSettings, "namespaces" | "labelSelector">;

/** Returns the scopes of the types. */
export function scopesOf(types: readonly ResourceType[], selection: Selection): readonly ClusterScope[] {
  const { include } = selection.namespaces;
  return types.flatMap((type) => {
    if (!type.namespaced || include === undefined) return [scopeOf(type, undefined, selection)];
    return include.map((namespace) => scopeOf(type, namespace, selection));
  });
}

function scopeOf(type: ResourceType, namespace: string | undefined, selection: Selection): ClusterScope {
  const base = resourceTypeName(type);
  const query = {
    path: resourcePath(type, namespace),
    labelSelector: selection.labelSelector,
    fieldSelector: namespace === undefined ? fieldSelector(type, selection) : undefined,
  };
  return {
    name: namespace === undefined ? base : `${base}/${namespace}`,
    type,
    query,
    digest: canonicalDigest({ query, definition: type.definition }).slice(0, 16),
  };
}

/** Leaves out namespaces on the server. Every type, even a custom one, can select by these two fields. */
function fieldSelector(type: ResourceType, { namespaces: { exclude } }: Selection): string | undefined {
  const isNamespace = type.group === "" && type.plural === "namespaces";
  if (exclude.length === 0 || (!type.namespaced && !isNamespace)) return undefined;
  const field = isNamespace ? "metadata.name" : "metadata.namespace";
  return exclude.map((namespace) => `${field}!=${namespace}`).join(",");
}
