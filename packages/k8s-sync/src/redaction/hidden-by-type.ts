import type { ResourceType } from "../objects/resource-type.ts";

/** Paths that are never readable in objects of one type. */
const pathsByType: ReadonlyMap<string, readonly string[]> = new Map([
  ["certificatesigningrequests.certificates.k8s.io", ["spec.request", "spec.extra", "status.certificate"]],
  ["certificaterequests.cert-manager.io", ["spec.request", "spec.extra", "status.certificate", "status.ca"]],
  ["configmaps", ["binaryData"]],
]);

/** Types of which no object is read: secrets by definition, or copies of other objects. */
const unreadTypes: ReadonlySet<string> = new Set([
  "controllerrevisions.apps",
  "leases.coordination.k8s.io",
  "endpoints",
  "endpointslices.discovery.k8s.io",
]);

/** Returns the dotted paths that are left out of every object of the type. */
export function hiddenPathsOf({ plural, group }: ResourceType): readonly string[] {
  return pathsByType.get(group === "" ? plural : `${plural}.${group}`) ?? [];
}

/** Returns true if objects of this type never become documents. */
export function isUnreadType({ plural, group }: ResourceType): boolean {
  return unreadTypes.has(group === "" ? plural : `${plural}.${group}`);
}

/** Returns true for the type of Secrets. The resource decides, because items of lists carry no kind. */
export function isSecretType({ plural, group }: ResourceType): boolean {
  return plural === "secrets" && group === "";
}

/** Returns true for the type of ConfigMaps. */
export function isConfigMapType({ plural, group }: ResourceType): boolean {
  return plural === "configmaps" && group === "";
}

/** Returns true for a group that Kubernetes itself does not define. */
export function isCustomGroup({ group }: ResourceType): boolean {
  return group.includes(".") && !group.endsWith(".k8s.io");
}
