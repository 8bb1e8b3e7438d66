import { resolve, sep } from "node:path";
import { FolderSource, type FolderSourceOptions } from "@binnacle/retriever/folder";
import { csvParser } from "@binnacle/retriever/formats/csv";
import { docxParser } from "@binnacle/retriever/formats/docx";
import { emlParser } from "@binnacle/retriever/formats/eml";
import { ipynbParser } from "@binnacle/retriever/formats/ipynb";
import { pdfParser } from "@binnacle/retriever/formats/pdf";
import type { DataDirectory, RecordedSource } from "./data-directory.ts";
import { pathInside } from "./path-inside.ts";

/** Parsers of every format that the packages read. */
const parsers = [pdfParser, docxParser, emlParser, ipynbParser, csvParser];

/** Creates the source of a recorded folder, equal in every command. */
export function folderSource(
  data: DataDirectory,
  { id, path }: RecordedSource,
  onEvent?: FolderSourceOptions["onEvent"],
): FolderSource {
  return new FolderSource({ id, path, exclude: ownFiles(data, path), parsers, onEvent });
}

/** Returns the files of a data directory inside the folder, because an index must not index itself. */
function ownFiles(data: DataDirectory, folder: string): readonly string[] {
  const inside = pathInside(folder, resolve(data.path))?.replaceAll(sep, "/");
  if (inside === undefined) return [];
  const prefix = inside === "" ? "" : `${inside.replace(/[^\w/ ]/g, "\\$&")}/`;
  // Exact names, because the user's own `sources` may be beside them.
  return [`${prefix}index.sqlite*`, `${prefix}sources/${"[0-9a-f]".repeat(16)}.json*`];
}
