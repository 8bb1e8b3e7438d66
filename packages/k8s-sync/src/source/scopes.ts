import { canonicalDigest } from "@binnacle/core/kit";
import { resourcePath } from "../cluster/resource-path.ts";
import { resourceTypeName, type ResourceType } from "../objects/resource-type.ts";
import type { CollectionQuery } from "../reflector/list-pages.ts";
import { rendering } from "../rendering/create-object-describer.ts";
import { foldingRank, isEvents } from "./folding-types.ts";
import type { KubernetesSourceSettings } from "./kubernetes-source-options.ts";

/** One scope of a cluster: a type, or a type in one namespace. */
export interface ClusterScope {
  /** `deployments.apps`, or `deployments.apps/shop` in one namespace. */
  readonly name: string;
  readonly type: ResourceType;
  /** The only namespace of the scope. Undefined if it has all. */
  readonly namespace: string | undefined;
  readonly query: CollectionQuery;
  /** Changes with everything that decides which objects the scope has and how they are rendered. A
   * checkpoint of another selection does not count. */
  readonly digest: string;
}

type Selection = Pick<KubernetesSourceSettings, "namespaces" | "labelSelector" | "redaction" | "replicas">;

/** Returns the scopes of the types, in the order of their first lists. */
export function scopesOf(types: readonly ResourceType[], selection: Selection): readonly ClusterScope[] {
  const { include } = selection.namespaces;
  const inOrder = types.toSorted((a, b) => foldingRank(a) - foldingRank(b));
  return inOrder.flatMap((type) => {
    if (!type.namespaced || include === undefined) return [scopeOf(type, undefined, selection)];
    return include.map((namespace) => scopeOf(type, namespace, selection));
  });
}

function scopeOf(type: ResourceType, namespace: string | undefined, selection: Selection): ClusterScope {
  const base = resourceTypeName(type);
  const query = {
    path: resourcePath(type, namespace),
    labelSelector: selection.labelSelector,
    fieldSelector: fieldSelector(type, namespace, selection),
  };
  const { definition } = type;
  const { redaction, replicas } = selection;
  const content = { query, definition, redaction: { ...redaction }, replicas, rendering };
  return {
    name: namespace === undefined ? base : `${base}/${namespace}`,
    type,
    namespace,
    query,
    digest: canonicalDigest(content).slice(0, 16),
  };
}

/** Leaves out namespaces on the server. Every type, even a custom one, can select by these two fields. */
function fieldSelector(
  type: ResourceType,
  namespace: string | undefined,
  { namespaces: { exclude } }: Selection,
): string | undefined {
  const isNamespace = type.group === "" && type.plural === "namespaces";
  const field = isNamespace ? "metadata.name" : "metadata.namespace";
  const mayExclude = namespace === undefined && (type.namespaced || isNamespace);
  const terms = [
    ...(mayExclude ? exclude.map((name) => `${field}!=${name}`) : []),
    ...(isEvents(type) ? ["type=Warning"] : []), // only warnings reach a document
  ];
  return terms.length === 0 ? undefined : terms.join(",");
}
