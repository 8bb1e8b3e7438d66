import { ConfigurationError } from "@binnacle/core";
import { resourceTypeName, type ResourceType } from "../objects/resource-type.ts";

/** Which types to read. */
export interface TypeSelection {
  readonly include: readonly string[] | undefined;
  readonly exclude: readonly string[];
  readonly clusterScoped: boolean;
}

// Secrets hold nothing else. The others change all the time and say nothing that other objects do not say.
const leftOutByDefault: ReadonlySet<string> = new Set([
  "secrets",
  "leases.coordination.k8s.io",
  "events.events.k8s.io",
  "endpointslices.discovery.k8s.io",
  "endpoints",
  "controllerrevisions.apps",
]);

/** Returns the selected types. A name without a group selects the kind in every group. */
export function selectTypes(
  types: readonly ResourceType[],
  { include, exclude, clusterScoped }: TypeSelection,
): readonly ResourceType[] {
  const isServedTwice = types.some((type) => resourceTypeName(type) === "events");
  return types.filter((type) => {
    const name = resourceTypeName(type);
    if (!type.namespaced && !clusterScoped) return false;
    if (name === "events.events.k8s.io" && isServedTwice) return false; // the same objects as events
    if (exclude.some((wanted) => isNamed(type, wanted))) return false;
    if (include === undefined) return !leftOutByDefault.has(name);
    return include.some((wanted) => isNamed(type, wanted));
  });
}

/** Throws a `ConfigurationError` for a selected name that the cluster does not serve. */
export function checkTypeNames(types: readonly ResourceType[], names: readonly string[]): void {
  const unknown = names.filter((name) => !types.some((type) => isNamed(type, name)));
  if (unknown.length === 0) return;
  throw new ConfigurationError(
    `createKubernetesSource: \`kinds\` names ${unknown.map((name) => `"${name}"`).join(", ")}, which the cluster does not serve with list and watch. \`kubectl api-resources\` shows its types.`,
    { code: "unknown_kind" },
  );
}

function isNamed(type: ResourceType, name: string): boolean {
  const wanted = name.toLowerCase();
  const { kind, plural, group } = type;
  return [resourceTypeName(type), plural, kind.toLowerCase(), `${kind.toLowerCase()}.${group}`].includes(
    wanted,
  );
}
