import { QdrantStore } from "@binnacle/retriever/qdrant";
import type { RagSystem } from "../rag-system.ts";
import type { ApiParts } from "./modules/shared/api-parts.ts";
import type { RunningAnswers } from "./running-answers.ts";

/** Returns the parts of a system that the API works with. */
export function apiPartsOf(system: RagSystem, running: RunningAnswers): ApiParts {
  const { store, backend, index } = system;
  return {
    store,
    backend,
    embedder: index.embedder ?? system.embedder,
    sparse: index.sparse,
    changeSettings: store instanceof QdrantStore ? store.updateCollection.bind(store) : undefined,
    running,
  };
}
