import type { Embedder, InferenceBackend, Reranker } from "@binnacle/core";

/**
 * A kind of model server that the conformance suite runs over. To add one, write a file in `servers/` that
 * exports a value of this type, and add the value to the list in `servers/index.ts`.
 */
export interface ConformanceServer {
  /** Name in titles and in the table, such as `llama-server`. */
  readonly name: string;
  /** Returns the reason why the server cannot run here, or undefined. The suite then skips by this name. */
  missing(): Promise<string | undefined>;
  /** Starts the server, or several if one process serves only one model. */
  start(): Promise<RunningServer>;
}

/** A running server with a factory for each driver that it has. Every driver is closed after its test. */
export interface RunningServer {
  readonly backend?: (() => Promise<InferenceBackend>) | undefined;
  readonly embedder?: (() => Promise<Embedder>) | undefined;
  readonly reranker?: (() => Promise<Reranker>) | undefined;
  close(): Promise<void>;
}
