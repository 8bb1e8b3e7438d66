import { resolve, sep } from "node:path";
import { FolderSource, type FolderSourceOptions } from "@binnacle/retriever/folder";
import type { DataDirectory, RecordedSource } from "./data-directory.ts";
import { pathInside } from "./path-inside.ts";

/** Creates the source of a recorded folder, equal in every command. */
export function folderSource(
  data: DataDirectory,
  { id, path }: RecordedSource,
  onEvent?: FolderSourceOptions["onEvent"],
): FolderSource {
  return new FolderSource({ id, path, exclude: ownFiles(data, path), onEvent });
}

/** Returns the files of a data directory inside the folder, because an index must not index itself. */
function ownFiles(data: DataDirectory, folder: string): readonly string[] {
  const inside = pathInside(folder, resolve(data.path))?.replaceAll(sep, "/");
  if (inside === undefined) return [];
  const prefix = inside === "" ? "" : `${inside.replace(/[^\w/ ]/g, "\\$&")}/`;
  // Exact names, because the user's own `sources` may be beside them.
  return [`${prefix}index.sqlite*`, `${prefix}sources/${"[0-9a-f]".repeat(16)}.json*`];
}
