import { selectTypes } from "../discovery/select-types.ts";
import type { JsonObject } from "../objects/json-at.ts";
import type { ResourceType } from "../objects/resource-type.ts";
import { resourceTypeName } from "../objects/resource-type.ts";

/** Options of {@link roleManifests}. */
export interface RoleOptions {
  /** The types that discovery found, or the part of them that shall be readable. */
  readonly types: readonly ResourceType[];
  /** Name of the roles, the bindings and the account. @default "k8s-sync" */
  readonly name?: string | undefined;
  /** Namespace of the service account. @default "k8s-sync" */
  readonly accountNamespace?: string | undefined;
  /** Only these namespaces, each with a Role. @default the whole cluster, with a ClusterRole */
  readonly namespaces?: readonly string[] | undefined;
  /** Types that are left out besides those that the source never reads, such as `configmaps`. @default none */
  readonly exclude?: readonly string[] | undefined;
}

// Reading these gives more than the objects: the contents of Secrets, or an account's token.
const denied: ReadonlySet<string> = new Set(["secrets", "certificatesigningrequests.certificates.k8s.io"]);

/**
 * Returns the role that reads the given types, and its binding. Every type is named: RBAC cannot deny, so `*`
 * would grant Secrets too. The role leaves out Secrets, subresources and types that cannot be both listed and
 * watched. It also leaves out the types that the source leaves out by default, such as leases.
 */
export function roleManifests(options: RoleOptions): readonly JsonObject[] {
  const { types, namespaces, exclude = [] } = options;
  const selection = { include: undefined, exclude, clusterScoped: namespaces === undefined };
  const readable = selectTypes(types, selection).filter((type) => {
    const verbs = type.verbs ?? ["list", "watch"];
    const isWatched = verbs.includes("list") && verbs.includes("watch");
    return isWatched && !type.plural.includes("/") && !denied.has(resourceTypeName(type));
  });
  if (namespaces === undefined) return [role("ClusterRole", rulesFor(readable), options), binding(options)];
  const rules = rulesFor(readable);
  return namespaces.flatMap((namespace) => [
    role("Role", rules, options, namespace),
    binding(options, namespace),
  ]);
}

/** One rule for each API group, in alphabetical order, so that a diff shows what changed. */
function rulesFor(types: readonly ResourceType[]): readonly JsonObject[] {
  const byGroup = new Map<string, Set<string>>();
  for (const { group, plural } of types) byGroup.set(group, (byGroup.get(group) ?? new Set()).add(plural));
  return [...byGroup]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, plurals]) => ({
      apiGroups: [group],
      resources: [...plurals].sort(),
      verbs: ["get", "list", "watch"],
    }));
}

function role(
  kind: "ClusterRole" | "Role",
  rules: readonly JsonObject[],
  { name = "k8s-sync" }: RoleOptions,
  namespace?: string,
): JsonObject {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind,
    metadata: namespace === undefined ? { name } : { name, namespace },
    rules,
  };
}

function binding(
  { name = "k8s-sync", accountNamespace = "k8s-sync" }: RoleOptions,
  namespace?: string,
): JsonObject {
  const isWide = namespace === undefined;
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: isWide ? "ClusterRoleBinding" : "RoleBinding",
    metadata: isWide ? { name } : { name, namespace },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: isWide ? "ClusterRole" : "Role", name },
    subjects: [{ kind: "ServiceAccount", name, namespace: accountNamespace }],
  };
}
