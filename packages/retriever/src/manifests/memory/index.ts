export { MemoryManifest } from "./memory-manifest.ts";
export { type MemoryManifestOptions } from "./memory-manifest-options.ts";
