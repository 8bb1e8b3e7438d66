import { BinnacleError, RequestError } from "@binnacle/core";
import { parseResponse } from "@binnacle/core/kit";
import { z } from "zod";
import type { GroupVersion, UnavailableGroup } from "./discovered-types.ts";

/** Asks for one path of the discovery API. */
export type AskDiscovery = (path: string) => Promise<unknown>;

interface ServedVersion {
  readonly group: string;
  readonly version: string;
}

const coreVersions = z.object({ versions: z.array(z.string()) });
const groupList = z.object({
  groups: z.array(
    z.object({
      name: z.string(),
      versions: z.array(z.object({ version: z.string() })),
      preferredVersion: z.object({ version: z.string() }).optional(),
    }),
  ),
});
const resourceList = z.object({
  resources: z.array(
    z.object({
      name: z.string(),
      kind: z.string(),
      namespaced: z.boolean(),
      verbs: z.array(z.string()).nullish(),
    }),
  ),
});

/** Reads discovery from a server without aggregated discovery: one request for each group version. A version
 * that fails is unavailable and stops no other. */
export async function discoverLegacy(
  core: unknown,
  groups: unknown,
  ask: AskDiscovery,
): Promise<{
  readonly versions: readonly GroupVersion[];
  readonly unavailable: readonly UnavailableGroup[];
}> {
  const served = servedVersions(core, groups);
  const unavailable: UnavailableGroup[] = [];
  const asked = served.map(async ({ group, version }): Promise<GroupVersion[]> => {
    try {
      const path = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
      return [typesOf(await ask(path), group, version)];
    } catch (error) {
      if (!BinnacleError.isInstance(error)) throw error;
      // A group version that answers 404 serves nothing.
      if (!RequestError.isInstance(error) || error.status !== 404)
        unavailable.push({ group, version, error });
      return [];
    }
  });
  const versions = (await Promise.all(asked)).flat();
  return { versions, unavailable };
}

function servedVersions(core: unknown, groups: unknown): readonly ServedVersion[] {
  const { versions } = parseResponse("API discovery", coreVersions, core);
  const named = parseResponse("API discovery", groupList, groups).groups;
  return [
    ...versions.map((version) => ({ group: "", version })),
    ...named.flatMap(({ name, versions: served, preferredVersion }) => {
      const all = served.map(({ version }) => ({ group: name, version }));
      const isPreferred = ({ version }: ServedVersion): boolean => version === preferredVersion?.version;
      return [...all.filter(isPreferred), ...all.filter((each) => !isPreferred(each))];
    }),
  ];
}

function typesOf(value: unknown, group: string, version: string): GroupVersion {
  const { resources } = parseResponse("API discovery", resourceList, value);
  const types = resources.map(({ name, kind, namespaced, verbs }) => {
    return { group, version, kind, plural: name, namespaced, verbs: verbs ?? [] };
  });
  return { group, version, types };
}
