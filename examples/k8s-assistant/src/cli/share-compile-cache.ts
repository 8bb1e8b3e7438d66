import { enableCompileCache, getCompileCacheDir } from "node:module";

/**
 * Caches the compiled code of all modules loaded from here on, for the next start and for the store's thread.
 */
export function shareCompileCache(): void {
  enableCompileCache();
  const directory = getCompileCacheDir();
  if (directory !== undefined) process.env["NODE_COMPILE_CACHE"] ??= directory;
}
