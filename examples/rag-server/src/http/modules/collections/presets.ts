import type { MetadataFields } from "@binnacle/core";

/** A ready definition of a collection. */
export interface CollectionPreset {
  /** Numbers per vector, as the briefs state them. Undefined: those of the server's embedder. */
  readonly dimensions?: number | undefined;
  readonly fields: MetadataFields;
}

const learning = {
  query: "text",
  response: "text",
  feedback_score: "float",
  timestamp: "datetime",
} as const satisfies MetadataFields;

/** The collections of the second brief, by name. */
export const presets = {
  documents: {
    dimensions: 768,
    fields: { title: "text", category: "keyword", created_at: "datetime", author: "keyword" },
  },
  conversations: {
    dimensions: 384,
    fields: { user_id: "keyword", session_id: "keyword", intent: "keyword", sentiment: "float" },
  },
  knowledge_base: {
    fields: { title: "text", category: "keyword", source: "keyword", created_at: "datetime" },
  },
  learning_data: { fields: learning },
  user_profiles: { fields: { user_id: "keyword", updated_at: "datetime" } },
} as const satisfies Readonly<Record<string, CollectionPreset>>;

/** The names of all presets. */
export const presetNames = [
  "documents",
  "conversations",
  "knowledge_base",
  "learning_data",
  "user_profiles",
] as const satisfies readonly (keyof typeof presets)[];
