import type { Attributes } from "../../spec/telemetry.ts";

// The names come from two releases of OpenTelemetry's conventions:
// GenAI v0.1.0, https://github.com/open-telemetry/semantic-conventions-genai/tree/v0.1.0/docs/gen-ai
//   (client-inference.md, client-embeddings.md, retrieval.md)
// Database v1.45.0, https://github.com/open-telemetry/semantic-conventions/tree/v1.45.0/docs/db
//   (database-spans.md, database-metrics.md)

/** The release of each convention whose names this adapter uses. */
export const conventionVersions = { genAi: "0.1.0", database: "1.45.0" } as const;

/** The names of one kind of span or of one instrument. */
export interface Convention {
  /** Matches our name. */
  readonly ours: RegExp;
  /** The convention's name of an instrument. For a span, its operation. */
  readonly theirs?: string | undefined;
  /** Attributes that are always set. */
  readonly fixed?: Attributes | undefined;
  /** The convention's names of our attributes. */
  readonly attributes: Readonly<Record<string, string>>;
}

const shared = { error: "error.type" } as const;

const model = {
  ...shared,
  provider: "gen_ai.provider.name",
  model: "gen_ai.request.model",
} as const;

const database = {
  ...shared,
  system: "db.system.name",
  collection: "db.collection.name",
  operation: "db.operation.name",
} as const;

/** Spans of calls to other systems. All others are internal. */
export const spanConventions: readonly Convention[] = [
  {
    ours: /^binnacle\.store\./,
    attributes: { ...database, items: "db.operation.batch.size", hits: "db.response.returned_rows" },
  },
  {
    ours: /^binnacle\.embedder\./,
    theirs: "embeddings",
    fixed: { "gen_ai.operation.name": "embeddings" },
    attributes: { ...model, tokens: "gen_ai.usage.input_tokens" },
  },
  {
    ours: /^binnacle\.backend\./,
    theirs: "chat",
    fixed: { "gen_ai.operation.name": "chat" },
    attributes: {
      ...model,
      max_tokens: "gen_ai.request.max_tokens",
      temperature: "gen_ai.request.temperature",
      top_p: "gen_ai.request.top_p",
      seed: "gen_ai.request.seed",
      finish_reason: "gen_ai.response.finish_reasons",
      first_token_ms: "gen_ai.response.time_to_first_chunk",
      input_tokens: "gen_ai.usage.input_tokens",
      output_tokens: "gen_ai.usage.output_tokens",
      cached_tokens: "gen_ai.usage.cache_read.input_tokens",
    },
  },
  { ours: /^binnacle\.reranker\./, attributes: model },
  {
    ours: /^binnacle\.retriever\./,
    theirs: "retrieval",
    fixed: { "gen_ai.operation.name": "retrieval" },
    attributes: { ...shared, limit: "gen_ai.retrieval.top_k", retriever: "gen_ai.data_source.id" },
  },
];

/** Instruments whose meaning a convention has. All others keep their own names. */
export const instrumentConventions: readonly Convention[] = [
  { ours: /^binnacle\.store\.duration$/, theirs: "db.client.operation.duration", attributes: database },
  { ours: /^binnacle\.store\.hits$/, theirs: "db.client.response.returned_rows", attributes: database },
  {
    ours: /^binnacle\.embedder\.duration$/,
    theirs: "gen_ai.client.embeddings.duration",
    fixed: { "gen_ai.operation.name": "embeddings" },
    attributes: { ...model },
  },
  {
    ours: /^binnacle\.embedder\.input_tokens$/,
    theirs: "gen_ai.client.embeddings.operation.input_tokens",
    fixed: { "gen_ai.operation.name": "embeddings" },
    attributes: model,
  },
  ...(
    [
      ["duration", "gen_ai.client.inference.duration"],
      ["first_token", "gen_ai.client.inference.time_to_first_chunk"],
      ["input_tokens", "gen_ai.client.inference.operation.input_tokens"],
      ["output_tokens", "gen_ai.client.inference.operation.output_tokens"],
    ] as const
  ).map(([ours, theirs]) => ({
    ours: new RegExp(`^binnacle\\.backend\\.${ours}$`),
    theirs,
    fixed: { "gen_ai.operation.name": "chat" },
    attributes: model,
  })),
  {
    ours: /^binnacle\.retriever\.duration$/,
    theirs: "gen_ai.retrieval.duration",
    fixed: { "gen_ai.operation.name": "retrieval" },
    attributes: { ...shared, retriever: "gen_ai.data_source.id" },
  },
];
