import { enableCompileCache, getCompileCacheDir } from "node:module";

/** Lets the next start, and through the environment the store's thread, find compiled what is loaded from here on. */
export function shareCompileCache(): void {
  enableCompileCache();
  const directory = getCompileCacheDir();
  if (directory !== undefined) process.env["NODE_COMPILE_CACHE"] ??= directory;
}
