import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** One package of the workspace. */
export interface Package {
  /** Such as `@binnacle/core`. */
  readonly name: string;
  /** Folder relative to the repository, such as `packages/core`. */
  readonly folder: string;
  readonly dependencies: readonly string[];
  readonly optionalPeers: readonly string[];
  readonly entries: readonly Entry[];
}

/** One importable path of a package. */
export interface Entry {
  /** Specifier that a user imports, such as `@binnacle/retriever/sqlite`. */
  readonly name: string;
  /** `.` or a subpath such as `./sqlite`. */
  readonly subpath: string;
  /** Source file, relative to the repository. */
  readonly source: string;
}

/** The repository's root folder, with a slash at its end. */
export const repository: string = fileURLToPath(new URL("../../", import.meta.url));

const manifestSchema = z.object({
  name: z.string(),
  exports: z.record(z.string(), z.union([z.string(), z.record(z.string(), z.string())])),
  dependencies: z.record(z.string(), z.string()).default({}),
  peerDependenciesMeta: z.record(z.string(), z.object({ optional: z.boolean() })).default({}),
});

/** Returns every published package, read from its manifest. */
export function readPackages(): readonly Package[] {
  return globSync("packages/*/package.json", { cwd: repository })
    .sort()
    .map((path) => readPackage(path.slice(0, -"/package.json".length)));
}

function readPackage(folder: string): Package {
  const text = readFileSync(`${repository}${folder}/package.json`, "utf8");
  const manifest = manifestSchema.parse(JSON.parse(text));
  const entries = Object.entries(manifest.exports).flatMap(([subpath, target]) => {
    const source = typeof target === "string" ? undefined : target["@binnacle/source"];
    return source === undefined
      ? []
      : [{ name: manifest.name + subpath.slice(1), subpath, source: `${folder}/${source.slice(2)}` }];
  });
  return {
    name: manifest.name,
    folder,
    dependencies: Object.keys(manifest.dependencies),
    optionalPeers: Object.keys(manifest.peerDependenciesMeta),
    entries,
  };
}
