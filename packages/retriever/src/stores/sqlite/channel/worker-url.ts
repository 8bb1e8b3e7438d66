import { existsSync } from "node:fs";
import { ConfigurationError } from "@binnacle/core";

/**
 * Where the worker's code lies: beside the store as source, and in its own folder once built, where the bundler may
 * have moved this module up into a shared chunk.
 */
export function workerUrl(here: string = import.meta.url): URL {
  const extension = here.endsWith(".ts") ? "ts" : "js";
  const places = ["..", ".", "./stores/sqlite"].map(
    (folder) => new URL(`${folder}/sqlite.worker.${extension}`, here),
  );
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new ConfigurationError(
    `SqliteStore: its worker file sqlite.worker.${extension} is not beside ${here}; leave @binnacle/retriever out of your bundle (mark it as external)`,
    { code: "worker_missing" },
  );
}
