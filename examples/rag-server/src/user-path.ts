import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const repository = resolve(fileURLToPath(new URL("../../../", import.meta.url)));

/** A path as the user meant it: `npm run` starts its script in the repository's root, wherever it was called. */
export function userPath(path: string): string {
  const { INIT_CWD: calledIn, npm_lifecycle_event: script } = process.env;
  const isOurs = (script === "rag" || script === "demo") && process.cwd() === repository;
  return isOurs && calledIn !== undefined ? resolve(calledIn, path) : path;
}
