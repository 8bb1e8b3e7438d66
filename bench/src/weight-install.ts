import { existsSync, readFileSync, readdirSync, realpathSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

/** Disk space of an installed package. */
export interface InstalledSize {
  readonly ownBytes: number;
  /** Bytes with all required packages, each counted once. */
  readonly totalBytes: number;
  /** Number of packages, with itself. */
  readonly packages: number;
}

/**
 * Adds up a package in a `node_modules` folder and its requirements: dependencies, and peers that are not
 * optional.
 */
export function installedSize(name: string, projectFolder: string): InstalledSize {
  const sizes = new Map<string, number>();
  const waiting = [packageFolder(name, projectFolder)];
  const own = waiting[0];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    if (sizes.has(folder)) continue;
    sizes.set(folder, bytesBelow(folder));
    for (const required of requirements(folder)) waiting.push(packageFolder(required, folder));
  }
  const totalBytes = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
  return { ownBytes: sizes.get(own ?? "") ?? 0, totalBytes, packages: sizes.size };
}

/** Returns the folder of a package, as Node resolves it from a folder. */
function packageFolder(name: string, from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", name);
    // The real path, because it decides where the package's own packages are found.
    if (existsSync(join(candidate, "package.json"))) return realpathSync(candidate);
    if (dirname(folder) === folder) throw new Error(`${name} is not installed for ${from}`);
  }
}

function requirements(folder: string): readonly string[] {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const optional = field(manifest, "peerDependenciesMeta");
  const isOptional = (name: string): boolean => field(field(optional, name), "optional") === true;
  const peers = namesOf(field(manifest, "peerDependencies")).filter((name) => !isOptional(name));
  return [...namesOf(field(manifest, "dependencies")), ...peers];
}

function bytesBelow(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    // Nested packages are counted as packages if they are required.
    if (entry.isDirectory() && entry.name !== "node_modules") bytes += bytesBelow(join(folder, entry.name));
    if (entry.isFile()) bytes += statSync(join(folder, entry.name)).size;
  }
  return bytes;
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}

function namesOf(value: unknown): readonly string[] {
  return typeof value === "object" && value !== null ? Object.keys(value) : [];
}
