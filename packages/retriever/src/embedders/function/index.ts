export { createEmbedder } from "./create-embedder.ts";
export { type EmbeddedText, type EmbedFunction, type EmbedderOptions } from "./embedder-options.ts";
