import type { BinnacleError } from "@binnacle/core";
import type { ResourceType } from "../objects/resource-type.ts";

/** A group version that discovery could not read, because the server behind it does not answer. */
export interface UnavailableGroup {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly error: BinnacleError;
}

/** The types that a cluster serves. */
export interface DiscoveredTypes {
  /** Types that can be listed and watched, each in the group's preferred version that has it. */
  readonly types: readonly ResourceType[];
  /** Groups whose types are unknown or stale. A type of these groups must not count as gone. */
  readonly unavailable: readonly UnavailableGroup[];
}

/** One served version of a group, with its types. */
export interface GroupVersion {
  readonly group: string;
  readonly version: string;
  readonly types: readonly ResourceType[];
}

/**
 * Returns each type of the versions once, in the first version that has it. The versions are in the order of
 * the group's preference.
 */
export function preferredTypes(versions: readonly GroupVersion[]): readonly ResourceType[] {
  const found = new Map<string, ResourceType>();
  for (const { types } of versions) {
    for (const type of types) {
      const key = `${type.group}/${type.plural}`;
      if (!found.has(key) && isListedAndWatched(type)) found.set(key, type);
    }
  }
  return [...found.values()];
}

function isListedAndWatched({ plural, verbs = [] }: ResourceType): boolean {
  return verbs.includes("list") && verbs.includes("watch") && !plural.includes("/");
}
