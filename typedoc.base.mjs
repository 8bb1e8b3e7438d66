import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The options of one package: its entry points are its exports, so an export is the only registration. */
export function packageOptions(directory, intentionallyNotExported = []) {
  const { exports } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
  const entryPoints = Object.values(exports).flatMap((target) => target["@binnacle/source"] ?? []);
  return {
    entryPoints,
    tsconfig: "tsconfig.json",
    readme: "README.md",
    intentionallyNotExported,
  };
}
