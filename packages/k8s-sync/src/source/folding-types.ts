import type { ResourceType } from "../objects/resource-type.ts";
import { resourceTypeName } from "../objects/resource-type.ts";

const ranks: Readonly<Record<string, number>> = {
  events: 0,
  pods: 1,
  "replicasets.apps": 2,
  "jobs.batch": 2,
  "deployments.apps": 3,
  "statefulsets.apps": 3,
  "daemonsets.apps": 3,
  "cronjobs.batch": 3,
  replicationcontrollers: 3,
};

/** Returns the order of the first lists: an object comes before the objects whose documents tell it. */
export function foldingRank(type: ResourceType): number {
  return ranks[resourceTypeName(type)] ?? 3;
}

/** Returns true if other documents describe objects of the type, or if its documents describe others. Such a type is
 * always listed first, because its checkpoint does not hold these facts. */
export function isFolding(type: ResourceType): boolean {
  return Object.hasOwn(ranks, resourceTypeName(type));
}

/** Returns true for the core group's events, of which only warnings reach a document. */
export function isEvents({ group, plural }: ResourceType): boolean {
  return group === "" && plural === "events";
}
