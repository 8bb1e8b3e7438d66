export { SqliteManifest } from "./sqlite-manifest.ts";
export {
  type SqliteFileOptions,
  type SqliteManifestOptions,
  type SqliteStoreOptions,
} from "./sqlite-options.ts";
export { SqliteStore } from "./sqlite-store.ts";
