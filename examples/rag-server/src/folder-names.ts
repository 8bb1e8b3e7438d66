import type { RecordedSource } from "./data-directory.ts";

/** A folder as {@link folderNames} needs it. */
type Folder = Pick<RecordedSource, "id" | "path">;

/**
 * Names that tell folders apart, by source id; none where there is but one. Each is the end of the folder's path, as short
 * as no other folder ends with it, because whoever asks over HTTP need not know where on this machine the folders lie.
 */
export function folderNames(folders: readonly Folder[]): ReadonlyMap<string, string> {
  if (folders.length < 2) return new Map();
  const paths = folders.map(({ path }) => partsOf(path));
  return new Map(folders.map(({ id, path }) => [id, nameOf(partsOf(path), paths)]));
}

/** The other way round: without a name, the only folder. */
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
