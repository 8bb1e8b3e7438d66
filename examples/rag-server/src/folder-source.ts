import { FolderSource } from "@binnacle/retriever/folder";
import type { RecordedSource } from "./data-directory.ts";

/** The source that a recorded folder is read with, the same in every command. */
export function folderSource(source: RecordedSource): FolderSource {
  return new FolderSource({ id: source.id, path: source.path, include: source.include });
}
