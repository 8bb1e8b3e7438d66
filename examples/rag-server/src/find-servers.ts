import { BinnacleError } from "@binnacle/core";
import type { ModelServerSettings, ServerKind } from "./environment.ts";
import { probeServerKind, type ProbeOptions } from "./probe-server-kind.ts";
import { serverAddresses, serverRoot } from "./server-root.ts";

/** A model server and its kind. */
export interface FoundServer {
  /** Address without the version of an API. For `openai` as it was given, without slashes at its end. */
  readonly url: string;
  readonly kind: ServerKind;
}

/**
 * Finds out the kinds of the servers of one variable. At least one of the servers must answer. The others
 * count as servers of its kind, because they may be down now and come later.
 */
export async function findServers(
  prefix: string,
  settings: ModelServerSettings,
  options?: ProbeOptions,
): Promise<readonly [FoundServer, ...FoundServer[]]> {
  const urls = serverAddresses(settings.url);
  const kinds = await Promise.all(urls.map((url) => kindOf(prefix, { ...settings, url }, options)));
  const known = kinds.find((kind) => typeof kind === "string");
  if (known === undefined)
    throw kinds.find((kind) => typeof kind !== "string") ?? new Error("the address is empty");
  const [first, ...others] = urls.map((url, index): FoundServer => {
    const kind = kinds[index];
    const found = typeof kind === "string" ? kind : known;
    return { kind: found, url: found === "openai" ? url.replace(/\/+$/, "") : serverRoot(url) };
  });
  if (first === undefined) throw new Error("the address is empty"); // the environment is checked
  return [first, ...others];
}

/** Returns the error of a server that does not answer. */
async function kindOf(
  prefix: string,
  settings: ModelServerSettings,
  options?: ProbeOptions,
): Promise<ServerKind | BinnacleError> {
  try {
    return settings.kind ?? (await probeServerKind(prefix, settings, options));
  } catch (error) {
    options?.signal?.throwIfAborted();
    if (BinnacleError.isInstance(error)) return error;
    throw error;
  }
}
