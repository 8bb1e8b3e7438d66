import type { RecordedSource } from "./data-directory.ts";

/** The parts of a folder that {@link folderNames} reads. */
type Folder = Pick<RecordedSource, "id" | "path">;

/**
 * Returns names that distinguish folders, by source id. Empty if there is only one folder. Each name is the
 * shortest end of the path that no other folder has, because HTTP clients need not know this machine's paths.
 */
export function folderNames(folders: readonly Folder[]): ReadonlyMap<string, string> {
  if (folders.length < 2) return new Map();
  const paths = folders.map(({ path }) => partsOf(path));
  return new Map(folders.map(({ id, path }) => [id, nameOf(partsOf(path), paths)]));
}

/** Returns the source id of a folder's name. Without a name it is the only folder's id. */
export function sourceIdOf(folders: readonly Folder[], name: string | undefined): string | undefined {
  const names = folderNames(folders);
  return folders.find(({ id }) => names.get(id) === name)?.id;
}

function nameOf(parts: readonly string[], paths: readonly (readonly string[])[]): string {
  for (let length = 1; length < parts.length; length++) {
    const end = parts.slice(-length).join("/");
    if (paths.filter((other) => other.slice(-length).join("/") === end).length === 1) return end;
  }
  return parts.join("/");
}

function partsOf(path: string): readonly string[] {
  return path.split(/[\\/]/).filter((part) => part !== "");
}
