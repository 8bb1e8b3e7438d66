import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const repository = resolve(fileURLToPath(new URL("../../../", import.meta.url)));

/** Resolves a path as the user meant it, because `npm run` starts scripts in the repository's root. */
export function userPath(path: string): string {
  const { INIT_CWD: calledIn, npm_lifecycle_event: script } = process.env;
  const isOurs = (script === "rag" || script === "demo") && process.cwd() === repository;
  return isOurs && calledIn !== undefined ? resolve(calledIn, path) : path;
}
