import type { VectorStore } from "@binnacle/core";
import { QdrantStore } from "@binnacle/retriever/qdrant";
import type { RagSystem } from "../rag-system.ts";
import type { ApiParts } from "./modules/shared/api-parts.ts";
import type { RunningAnswers } from "./running-answers.ts";

/** Returns the parts of a system that the API works with. `raw` is the store without observation. */
export function apiPartsOf(system: RagSystem, raw: VectorStore, running: RunningAnswers): ApiParts {
  const { store, backend, index } = system;
  return {
    store,
    backend,
    embedder: index.embedder ?? system.embedder,
    sparse: index.sparse,
    changeSettings: raw instanceof QdrantStore ? raw.updateCollection.bind(raw) : undefined,
    running,
  };
}
