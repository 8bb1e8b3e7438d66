import { resolve, sep } from "node:path";
import { FolderSource, type FolderSourceOptions } from "@binnacle/retriever/folder";
import type { DataDirectory, RecordedSource } from "./data-directory.ts";
import { pathInside } from "./path-inside.ts";

/** The source that a recorded folder is read with, the same in every command. */
export function folderSource(
  data: DataDirectory,
  { id, path }: RecordedSource,
  onEvent?: FolderSourceOptions["onEvent"],
): FolderSource {
  return new FolderSource({ id, path, exclude: ownFiles(data, path), onEvent });
}

/** The files of a data directory that lies in the folder: an index does not index itself. */
function ownFiles(data: DataDirectory, folder: string): readonly string[] {
  const inside = pathInside(folder, resolve(data.path))?.replaceAll(sep, "/");
  if (inside === undefined) return [];
  const prefix = inside === "" ? "" : `${inside.replace(/[^\w/ ]/g, "\\$&")}/`;
  // Beside them may lie a user's own `sources`, so their names are given as exactly as they are made.
  return [`${prefix}index.sqlite*`, `${prefix}sources/${"[0-9a-f]".repeat(16)}.json*`];
}
