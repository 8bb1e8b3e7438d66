import type { Telemetry } from "@binnacle/core";
import { createPrometheusTelemetry } from "@binnacle/core/prometheus";
import { observeBackend, observeEmbedder, observeStore, recordStoreSizes } from "@binnacle/core/telemetry";
import { QdrantStore } from "@binnacle/retriever/qdrant";
import { Registry } from "prom-client";
import { observeProcess } from "./observe-process.ts";
import type { RagSystem } from "./rag-system.ts";

/** A system whose parts report their calls, and the measurements so far. */
export interface ObservedSystem {
  readonly system: RagSystem;
  readonly telemetry: Telemetry;
  /** Counts the points of each collection, and returns all measurements as Prometheus text. */
  scrape(): Promise<string>;
}

/** Media type of {@link ObservedSystem.scrape}. */
export const metricsType = "text/plain; version=0.0.4; charset=utf-8";

/** Observes the parts of a system in a registry of its own. */
export function observeSystem(raw: RagSystem): ObservedSystem {
  const registry = new Registry();
  observeProcess(registry);
  const telemetry = createPrometheusTelemetry({ registry });
  const { store, backend, embedder, index } = raw;
  const stored = { telemetry, system: store instanceof QdrantStore ? "qdrant" : "sqlite" };
  const system: RagSystem = {
    ...raw,
    store: observeStore(store, stored),
    backend: backend && observeBackend(backend, { telemetry, provider: "llm" }),
    embedder: embedder && observeEmbedder(embedder, { telemetry, provider: "embedder" }),
    index: index.embedder
      ? { ...index, embedder: observeEmbedder(index.embedder, { telemetry, provider: "embedder" }) }
      : index,
  };
  return {
    system,
    telemetry,
    scrape: async () => {
      // The sizes stay as they were while the store fails. Its failures are counted by themselves.
      await recordStoreSizes(store, stored, { deadlineAt: Date.now() + 2000 }).catch(() => undefined);
      return await registry.metrics();
    },
  };
}
