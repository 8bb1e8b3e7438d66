import {
  BinnacleError,
  type CollectionInfo,
  type Embedder,
  type EmbedRole,
  type InferenceCallOptions,
} from "@binnacle/core";

/** The texts of one call, and the space that their vectors must have. */
export interface TextsToEmbed {
  readonly texts: readonly string[];
  readonly role: EmbedRole;
  readonly embedder: Embedder | undefined;
  readonly info: CollectionInfo;
}

/** Embeds texts for a collection. An outcome is a vector, or the error of its text. */
export async function embedTexts(
  { texts, role, embedder, info }: TextsToEmbed,
  options: InferenceCallOptions,
): Promise<readonly (Float32Array | BinnacleError)[]> {
  if (texts.length === 0) return [];
  const issue = await embedderIssue(embedder, info, options);
  if (issue !== undefined || embedder === undefined) return texts.map(() => issue ?? noEmbedder());
  const { outcomes, spaceId } = await embedder.embed(texts, { ...options, role });
  const wrong = spaceId === info.dense?.spaceId ? undefined : wrongSpace(info, spaceId);
  return outcomes.map((outcome) => wrong ?? outcome);
}

/** Returns an error if the server's embedder cannot make vectors for the collection. */
export async function embedderIssue(
  embedder: Embedder | undefined,
  info: CollectionInfo,
  options: InferenceCallOptions,
): Promise<BinnacleError | undefined> {
  if (embedder === undefined) return noEmbedder();
  const { space } = await embedder.describe(options);
  return space.id === info.dense?.spaceId ? undefined : wrongSpace(info, space.id);
}

function noEmbedder(): BinnacleError {
  return new BinnacleError("no_embedder", "this server has no embedder; send vectors instead of texts");
}

function wrongSpace({ name, dense }: CollectionInfo, spaceId: string): BinnacleError {
  return new BinnacleError(
    "wrong_space",
    `collection "${name}" holds ${dense === undefined ? "no dense vectors" : `vectors of "${dense.spaceId}"`}, but this server's embedder makes vectors of "${spaceId}"; send a vector`,
  );
}
