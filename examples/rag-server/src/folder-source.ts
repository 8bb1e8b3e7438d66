import { dirname, basename, resolve, sep } from "node:path";
import { FolderSource, type FolderSourceOptions } from "@binnacle/retriever/folder";
import { csvParser } from "@binnacle/retriever/formats/csv";
import { docxParser } from "@binnacle/retriever/formats/docx";
import { emlParser } from "@binnacle/retriever/formats/eml";
import { ipynbParser } from "@binnacle/retriever/formats/ipynb";
import { pdfParser } from "@binnacle/retriever/formats/pdf";
import type { DataDirectory, RecordedSource } from "./data-directory.ts";
import { pathInside } from "./path-inside.ts";

<<<<<<< HEAD
/** Parsers of every format that the packages read. */
const parsers = [pdfParser, docxParser, emlParser, ipynbParser, csvParser];

/** Creates the source of a recorded folder, equal in every command. */
export function folderSource(
  data: DataDirectory,
  { id, path }: RecordedSource,
  onEvent?: FolderSourceOptions["onEvent"],
): FolderSource {
  return new FolderSource({ id, path, exclude: ownFiles(data, path), parsers, onEvent });
=======
type OnEvent = FolderSourceOptions["onEvent"];
/** The parts of a record that select documents. */
export type SourcePlace = Pick<RecordedSource, "id" | "kind" | "path" | "include" | "exclude">;

/** Creates the source of a recorded folder, file or page, equal in every command. */
export function folderSource(data: DataDirectory, place: SourcePlace, onEvent?: OnEvent): FolderSource {
  const { id, kind, path, include, exclude = [] } = place;
  if (kind === "page") return new FolderSource({ id, path: data.pagePath(path), onEvent });
  if (kind === "file") return new FolderSource({ ...onlyFile(path), id, onEvent });
  return new FolderSource({ id, path, include, exclude: [...ownFiles(data, path), ...exclude], onEvent });
}

/** Excludes everything beside a file, so that its folder is not walked. */
function onlyFile(
  path: string,
): Pick<FolderSourceOptions, "path" | "exclude" | "gitignore" | "includeHidden"> {
  const others = `!${literal(basename(path))}`;
  return { path: dirname(path), exclude: [others], gitignore: false, includeHidden: true };
>>>>>>> c4be634 (Command line: list, status, chat, single files and pages, --include, --exclude, --watch, --version; hints work as printed; progress has no total until it is known)
}

/** Returns the files of a data directory inside the folder, because an index must not index itself. */
function ownFiles(data: DataDirectory, folder: string): readonly string[] {
  const inside = pathInside(folder, resolve(data.path))?.replaceAll(sep, "/");
  if (inside === undefined) return [];
  const prefix = inside === "" ? "" : `${literal(inside)}/`;
  const hash = "[0-9a-f]".repeat(16);
  // Exact names, because the user's own `sources` may be beside them.
  return [`${prefix}index.sqlite*`, `${prefix}sources/${hash}.json*`, `${prefix}pages/${hash}`];
}

/** Escapes a path for a glob. */
function literal(path: string): string {
  return path.replace(/[^\w/ ]/g, "\\$&");
}
