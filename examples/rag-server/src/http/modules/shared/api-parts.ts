import type { CallOptions, Embedder, InferenceBackend, SparseEncoder, VectorStore } from "@binnacle/core";
import type {
  QdrantCollectionChanges,
  QdrantCollectionState,
  QdrantSettingChange,
} from "@binnacle/retriever/qdrant";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { UsageMeter } from "../../../guard/usage-meter.ts";
import type { SearchLogs } from "../analytics/search-logs.ts";
import type { JobQueue } from "../../../jobs/job-queue.ts";
import type { RunningAnswers } from "../../running-answers.ts";
import type { Learning } from "../feedback/learning.ts";
import type { Sessions } from "../sessions/sessions.ts";

/** The parts that the modules of the API work with. Each module takes those that it needs. */
export interface ApiParts {
  readonly store: VectorStore;
  /** Embeds texts and images. Undefined: requests must bring vectors, and texts are searched by words. */
  readonly embedder?: Embedder | undefined;
  /** Undefined: the server generates no text. */
  readonly backend?: InferenceBackend | undefined;
  /** Encodes texts for the lexical search. */
  readonly sparse?: SparseEncoder | undefined;
  /** Changes settings of the store's server. Undefined: the store has none. */
  readonly changeSettings?: ChangeSettings | undefined;
  /** Reads the state of a collection on the store's server. Undefined: the store has no server. */
  readonly inspect?: ((name: string, options: CallOptions) => Promise<QdrantCollectionState>) | undefined;
  /** Takes jobs that outlive their requests. Undefined: the API has none. */
  readonly jobs?: JobQueue | undefined;
  readonly running: RunningAnswers;
  readonly meter: UsageMeter;
  /** The searches so far, for the analytics. */
  readonly searches: SearchLogs;
  /** The callers' chat sessions. */
  readonly sessions: Sessions;
  /** Learns from judged answers. */
  readonly learning: Learning;
}

/** Changes settings of a collection and resolves to the changes. */
export type ChangeSettings = (
  name: string,
  changes: QdrantCollectionChanges,
  options: CallOptions,
) => Promise<readonly QdrantSettingChange[]>;

/** A module of the API: a plugin that mounts apart. */
export type ApiModule = FastifyPluginAsyncZod<{ readonly parts: ApiParts }>;

/** The app of a module. Its routes take their types from their schemas. */
export type ApiApp = Parameters<ApiModule>[0];
