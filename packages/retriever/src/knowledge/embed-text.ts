import {
  BinnacleError,
  type CallOptions,
  type CollectionSpec,
  type Embedder,
  type EmbedRole,
} from "@binnacle/core";
import { describeChecked, embedChecked } from "@binnacle/core/kit";

/** Embeds one text. Rejects with the text's own error if the model refuses it. */
export async function embedText(
  embedder: Embedder,
  text: string,
  options: CallOptions & { readonly role: EmbedRole },
): Promise<Float32Array> {
  const { role, ...call } = options;
  const { space } = await describeChecked(embedder, call);
  const { outcomes } = await embedChecked(embedder, [text], { ...call, role }, space);
  const [outcome] = outcomes;
  if (outcome instanceof Float32Array) return outcome;
  throw outcome ?? new BinnacleError("invalid_vector", "The embedder returned no vector.");
}

/** Returns the space of an embedder for a spec. */
export async function spaceOf(
  embedder: Embedder,
  options: CallOptions,
): Promise<Required<Pick<NonNullable<CollectionSpec["dense"]>, "spaceId" | "dimensions">>> {
  const { space } = await describeChecked(embedder, options);
  return { spaceId: space.id, dimensions: space.dimensions };
}
