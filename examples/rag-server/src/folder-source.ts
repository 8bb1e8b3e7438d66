import { dirname, basename, resolve, sep } from "node:path";
import { FolderSource, type FolderSourceOptions } from "@binnacle/retriever/folder";
import { csvParser } from "@binnacle/retriever/formats/csv";
import { docxParser } from "@binnacle/retriever/formats/docx";
import { emlParser } from "@binnacle/retriever/formats/eml";
import { ipynbParser } from "@binnacle/retriever/formats/ipynb";
import { imageParser } from "@binnacle/retriever/formats/image";
import { pdfParser } from "@binnacle/retriever/formats/pdf";
import type { DataDirectory, RecordedSource } from "./data-directory.ts";
import { pathInside } from "./path-inside.ts";

/** Parsers of every format that the packages read as text. */
const textParsers = [pdfParser, docxParser, emlParser, ipynbParser, csvParser];

type OnEvent = FolderSourceOptions["onEvent"];
/** The parts of a record that select documents. */
export type SourcePlace = Pick<RecordedSource, "id" | "kind" | "path" | "include" | "exclude">;

/** Options of {@link folderSource}. */
export interface FolderSourceHooks {
  readonly onEvent?: OnEvent;
  /** Reads images. Otherwise they are skipped as files of an unsupported format. */
  readonly images: boolean;
}

/** Creates the source of a recorded folder, file or page, equal in every command. */
export function folderSource(
  data: DataDirectory,
  place: SourcePlace,
  { onEvent, images }: FolderSourceHooks,
): FolderSource {
  const parsers = images ? [...textParsers, imageParser] : textParsers;
  const { id, kind, path, include, exclude = [] } = place;
  if (kind === "page") return new FolderSource({ id, path: data.pagePath(path), parsers, onEvent });
  if (kind === "file") return new FolderSource({ ...onlyFile(path), id, parsers, onEvent });
  const left = [...ownFiles(data, path), ...exclude];
  return new FolderSource({ id, path, include, exclude: left, parsers, onEvent });
}

/** Excludes everything beside a file, so that its folder is not walked. */
function onlyFile(
  path: string,
): Pick<FolderSourceOptions, "path" | "exclude" | "gitignore" | "includeHidden"> {
  const others = `!${literal(basename(path))}`;
  return { path: dirname(path), exclude: [others], gitignore: false, includeHidden: true };
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
