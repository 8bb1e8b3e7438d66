/**
 * A source that reads the text, Markdown, HTML and source code of a folder as documents.
 *
 * @example
 * {@includeCode ../../../../../docs/examples/retriever-folder.ts}
 * @module retriever/folder
 */
export { FolderSource } from "./folder-source.ts";
export { type FolderEvent, type SkipReason } from "./folder-event.ts";
export { type FolderFileSystem } from "./file-system.ts";
export { type FolderSourceOptions } from "./folder-options.ts";
