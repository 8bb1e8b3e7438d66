import { join } from "node:path";
import {
  BinnacleError,
  ConfigurationError,
  type Cache,
  type CollectionInfo,
  type Embedder,
  type InferenceBackend,
  type Manifest,
  type Retriever,
  type VectorStore,
} from "@binnacle/core";
import {
  createAnswerer,
  createBm25Encoder,
  createCachedEmbedder,
  createChunker,
  createExtractiveAnswerer,
  createRetriever,
  defaultPrompt,
  defineIndex,
  type Answerer,
  type Bm25Language,
  type Index,
  type PromptBuilder,
  type RetrieverOptions,
} from "@binnacle/retriever";
import { logSearches, type LogSearchesOptions } from "@binnacle/retriever/analytics";
import { QdrantStore } from "@binnacle/retriever/qdrant";
import { SqliteManifest, SqliteStore } from "@binnacle/retriever/sqlite";
import { chunkLimit } from "./chunk-limit.ts";
import { openDataDirectory, type DataDirectory } from "./data-directory.ts";
import { documentFields, documentMetadata } from "./document-fields.ts";
import { readEnvironment, type EmbeddingServerSettings, type Environment } from "./environment.ts";
import { hintFor } from "./invocation.ts";
import { connectBackend, connectEmbedder } from "./model-servers.ts";
import type { ProbeOptions } from "./probe-server-kind.ts";
import { openAnswerCache } from "./answer-cache.ts";
import { openVectorCache } from "./vector-cache.ts";

/** Options of {@link openRagSystem}. */
export interface RagSystemOptions {
  /** Directory of the index file. */
  readonly data: string;
  readonly collection: string;
  readonly environment?: NodeJS.ProcessEnv | undefined;
  readonly onWarning?: ((message: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** If true, a missing index counts as empty and is not created. @default false */
  readonly readOnly?: boolean | undefined;
  /**
   * Called for a model server that cannot be used. The system then works without it. @default opening fails
   */
  readonly onServerDown?: ((part: "llm" | "embedder", error: BinnacleError) => void) | undefined;
  /** Milliseconds that a model server may take to load its model. @default 60_000 */
  readonly loadingPatienceMs?: number | undefined;
}

/** The connected parts of one retrieval-augmented system. */
export interface RagSystem {
  readonly data: DataDirectory;
  readonly collection: string;
  readonly store: VectorStore;
  /** The manifest. Undefined: the store's own. */
  readonly manifest?: Manifest | undefined;
  readonly index: Index;
  readonly backend?: InferenceBackend | undefined;
  /** The model's embedder. The index uses it through the cache, if there is one. */
  readonly embedder?: Embedder | undefined;
  /** The cache of vectors. Undefined: vectors are not cached. */
  readonly cache?: Cache | undefined;
  close(): Promise<void>;
}

/** Opens the store and the model servers that the environment names. */
export async function openRagSystem(options: RagSystemOptions): Promise<RagSystem> {
  const environment = readEnvironment(options.environment ?? process.env);
  const data = await openDataDirectory(options.data, options.readOnly);
  const servers = await connectServers(environment, options);
  const vectors = environment.redis && openVectorCache(environment.redis, options.onWarning);
  const cached =
    vectors && servers.embedder && createCachedEmbedder(servers.embedder, { cache: vectors.cache });
  const answers = environment.cachesAnswers ? openAnswerCache(servers.backend, vectors?.cache) : undefined;
  const backend = answers?.backend ?? servers.backend;
  const closeServers = async (): Promise<void> => {
    // The wrappers first, because they still write to the caches. They do not close what they wrap.
    await Promise.all([cached?.close(), answers?.close()]);
    await Promise.all([servers.backend?.close(), servers.embedder?.close(), vectors?.close()]);
  };
  try {
    const index = await defineDocumentIndex(options, cached ?? servers.embedder, environment.language);
    const storage = openStorage(environment, data);
    const close = async (): Promise<void> => {
      await Promise.all([storage.store.close(), storage.manifest?.close(), closeServers()]);
    };
    const parts = { ...storage, index, ...servers, backend, cache: vectors?.cache };
    return { data, collection: options.collection, ...parts, close };
  } catch (error) {
    await closeServers();
    throw error;
  }
}

/** Opens the store. Qdrant has no manifest, so a file in the data directory holds it. */
function openStorage({ qdrant }: Environment, data: DataDirectory): Pick<RagSystem, "store" | "manifest"> {
  if (qdrant === undefined) return { store: new SqliteStore({ path: data.storePath }) };
  const manifest = new SqliteManifest({ path: join(data.path, "manifest.sqlite") });
  return { store: new QdrantStore(qdrant), manifest };
}

async function connectServers(
  { llm, embed }: Environment,
  { signal, onWarning, onServerDown, loadingPatienceMs }: RagSystemOptions,
): Promise<Pick<RagSystem, "backend" | "embedder">> {
  const probe: ProbeOptions = { signal, onNote: onWarning, loadingPatienceMs };
  const tolerated = async <T>(
    part: "llm" | "embedder",
    connect: () => Promise<T>,
  ): Promise<T | undefined> => {
    try {
      return await connect();
    } catch (error) {
      if (onServerDown === undefined || !BinnacleError.isInstance(error)) throw error;
      onServerDown(part, error);
      return undefined;
    }
  };
  const [backend, embedder] = await Promise.all([
    llm && tolerated("llm", () => connectBackend(llm, probe)),
    embed && tolerated("embedder", () => connectUsableEmbedder(embed, probe)),
  ]);
  return { backend, embedder };
}

/** Connects the embedder only if it can be described, because the chunk size depends on its limits. */
async function connectUsableEmbedder(
  settings: EmbeddingServerSettings,
  probe: ProbeOptions,
): Promise<Embedder> {
  const embedder = await connectEmbedder(settings, probe);
  try {
    await embedder.describe({ signal: probe.signal });
    return embedder;
  } catch (error) {
    await embedder.close();
    throw error;
  }
}

async function defineDocumentIndex(
  { collection: name, signal }: RagSystemOptions,
  embedder: Embedder | undefined,
  language: Bm25Language | undefined,
): Promise<Index> {
  const chunker = await createChunker(await chunkLimit(embedder, signal));
  const sparse = createBm25Encoder({ language });
  return defineIndex({ name, chunker, embedder, sparse, schema: documentMetadata, fields: documentFields });
}

/** Runs `body` with an open system, then always closes it. */
export async function withRagSystem<T>(
  options: RagSystemOptions,
  body: (system: RagSystem) => Promise<T>,
): Promise<T> {
  const system = await openRagSystem(options);
  try {
    return await body(system);
  } finally {
    await system.close();
  }
}

/** Options of {@link retrieverOf}. */
export type RetrievalSettings = Pick<RetrieverOptions, "limit" | "mode" | "minScore" | "mergeNeighbours">;

/** Creates a retriever. Without a mode it is hybrid if an embedder is in use, else lexical. */
export function retrieverOf({ store, index }: RagSystem, settings: RetrievalSettings): Retriever {
  return createRetriever({ store, index, ...settings });
}

/** Options of {@link answererOf}. */
export interface AnswererSettings {
  /** Most passages. @default 4 */
  readonly limit?: number | undefined;
  /** The similarity below which the vector search drops a passage. @default the embedder's own */
  readonly minScore?: number | undefined;
  /** Earlier answers that the model sees as examples. Without a model they have no effect. @default none */
  readonly examples?: string | undefined;
  /** Records the searches. @default none */
  readonly searchLog?: LogSearchesOptions | undefined;
}

/** Creates an answerer. It writes answers with the model if there is one, else it quotes sentences. */
export function answererOf(
  system: RagSystem,
  { limit = 4, minScore, searchLog, examples = "" }: AnswererSettings = {},
): Answerer {
  const plain = retrieverOf(system, { limit, minScore: { dense: minScore } });
  const retriever = searchLog === undefined ? plain : logSearches(plain, searchLog);
  const { backend } = system;
  if (backend === undefined) return createExtractiveAnswerer({ retriever });
  return createAnswerer({ retriever, backend, maxTokens: 400, prompt: promptWith(examples) });
}

/** Adds examples to the system message of the default prompt. */
function promptWith(examples: string): PromptBuilder {
  if (examples === "") return defaultPrompt;
  return (...parts) =>
    defaultPrompt(...parts).map((message) =>
      message.role === "system" && typeof message.content === "string"
        ? { ...message, content: `${message.content}\n\n${examples}` }
        : message,
    );
}

/** Throws if there is no index, because a search would only report that nothing was found. */
export async function requireIndex(system: RagSystem): Promise<CollectionInfo> {
  const found = await system.store.describeCollection(system.collection);
  if (found !== undefined) return found;
  const { data, collection } = system;
  const ingest = hintFor(["ingest", "DIR"], { data: data.path, collection });
  throw new ConfigurationError(
    `there is no collection "${collection}" in ${data.path}; run "${ingest}" first`,
  );
}
