/**
 * The embedded store and its manifest: one file, in a worker thread, without native modules.
 *
 * @example
 * {@includeCode ../../../../../docs/examples/retriever-sqlite.ts}
 * @module retriever/sqlite
 */
export { SqliteManifest } from "./sqlite-manifest.ts";
export {
  type SqliteFileOptions,
  type SqliteManifestOptions,
  type SqliteStoreOptions,
} from "./sqlite-options.ts";
export { SqliteStore } from "./sqlite-store.ts";
