import { forEmbeddings, type EmbeddingSpec, type TypedCollectionSpec } from "./for-embeddings.ts";

/** Name and width of the vectors. The width has the preset's default. */
export type PresetEmbeddings = Pick<EmbeddingSpec, "spaceId"> & Partial<Pick<EmbeddingSpec, "dimensions">>;

/** Documents of an app, 768 dimensions by default. */
export function documentsCollection({ spaceId, dimensions = 768 }: PresetEmbeddings): TypedCollectionSpec<{
  readonly title: "text";
  readonly category: "keyword";
  readonly created_at: "datetime";
  readonly author: "keyword";
}> {
  return forEmbeddings("documents", { spaceId, dimensions })
    .withPayloadField("title", "text")
    .withPayloadField("category", "keyword")
    .withPayloadField("created_at", "datetime")
    .withPayloadField("author", "keyword")
    .build();
}

/** Turns of conversations, 384 dimensions by default. */
export function conversationsCollection({
  spaceId,
  dimensions = 384,
}: PresetEmbeddings): TypedCollectionSpec<{
  readonly user_id: "keyword";
  readonly session_id: "keyword";
  readonly intent: "keyword";
  readonly sentiment: "float";
}> {
  return forEmbeddings("conversations", { spaceId, dimensions })
    .withPayloadField("user_id", "keyword")
    .withPayloadField("session_id", "keyword")
    .withPayloadField("intent", "keyword")
    .withPayloadField("sentiment", "float")
    .build();
}

/** Curated knowledge, 768 dimensions by default. */
export function knowledgeBaseCollection({
  spaceId,
  dimensions = 768,
}: PresetEmbeddings): TypedCollectionSpec<{
  readonly title: "text";
  readonly category: "keyword";
  readonly source: "keyword";
  readonly updated_at: "datetime";
}> {
  return forEmbeddings("knowledge_base", { spaceId, dimensions })
    .withPayloadField("title", "text")
    .withPayloadField("category", "keyword")
    .withPayloadField("source", "keyword")
    .withPayloadField("updated_at", "datetime")
    .build();
}

/** Interactions with their feedback, as `createKnowledge` stores them. 768 dimensions by default. */
export function learningDataCollection({ spaceId, dimensions = 768 }: PresetEmbeddings): TypedCollectionSpec<{
  readonly kind: "keyword";
  readonly user_id: "keyword";
  readonly response_id: "keyword";
  readonly feedback_score: "float";
  readonly timestamp: "datetime";
}> {
  return forEmbeddings("learning_data", { spaceId, dimensions })
    .withPayloadField("kind", "keyword")
    .withPayloadField("user_id", "keyword")
    .withPayloadField("response_id", "keyword")
    .withPayloadField("feedback_score", "float")
    .withPayloadField("timestamp", "datetime")
    .build();
}

/** One vector for each user, as `createProfiles` stores them. 768 dimensions by default. */
export function userProfilesCollection({ spaceId, dimensions = 768 }: PresetEmbeddings): TypedCollectionSpec<{
  readonly user_id: "keyword";
  readonly updated_at: "datetime";
}> {
  return forEmbeddings("user_profiles", { spaceId, dimensions })
    .withPayloadField("user_id", "keyword")
    .withPayloadField("updated_at", "datetime")
    .build();
}
