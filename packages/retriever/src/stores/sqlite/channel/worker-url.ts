import { existsSync } from "node:fs";
import { ConfigurationError } from "@binnacle/core";

/** Returns the address of the worker's code. As source it is beside the store. After a build it is in its own
 * folder, because the bundler may have moved this module into a shared chunk. */
export function workerUrl(here: string = import.meta.url): URL {
  const extension = here.endsWith(".ts") ? "ts" : "js";
  const places = ["..", ".", "./stores/sqlite"].map(
    (folder) => new URL(`${folder}/sqlite.worker.${extension}`, here),
  );
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new ConfigurationError(
    `SqliteStore: the worker file sqlite.worker.${extension} is not beside ${here}. Exclude @binnacle/retriever from your bundle (mark it as external).`,
    { code: "worker_missing" },
  );
}
