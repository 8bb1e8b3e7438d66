import type { VectorStore } from "@binnacle/core";
import { QdrantStore } from "@binnacle/retriever/qdrant";
import type { RagSystem } from "../rag-system.ts";
import type { ApiParts } from "./modules/shared/api-parts.ts";

/** Returns the parts of a system that the API works with. `raw` is the store without observation. */
export function apiPartsOf(
  { store, backend, embedder, index }: RagSystem,
  raw: VectorStore,
  server: Pick<ApiParts, "running" | "meter" | "searches" | "sessions" | "learning">,
): ApiParts {
  return {
    store,
    backend,
    embedder: index.embedder ?? embedder,
    sparse: index.sparse,
    changeSettings: raw instanceof QdrantStore ? raw.updateCollection.bind(raw) : undefined,
    inspect: raw instanceof QdrantStore ? raw.inspectCollection.bind(raw) : undefined,
    ...server,
  };
}
