import type { VectorSpace } from "@binnacle/core";

/** Everything that changes the numbers of a text's vector. */
export interface SpaceTraits {
  readonly model: string;
  readonly revision?: string | undefined;
  readonly pooling: string;
  readonly queryPrefix: string;
  readonly documentPrefix: string;
  /** Name of the form in which every input is sent as a chat. @default inputs are sent as they are */
  readonly template?: string | undefined;
  readonly dimensions: number;
  readonly suggestedMinScore?: number | undefined;
}

/**
 * Returns the vector space with an id such as `all-MiniLM-L6-v2;pooling=mean;l2;384`. Vectors always have
 * length 1. The id does not include the server's address or kind, so that one model on two servers has one
 * space.
 */
export function vectorSpace(traits: SpaceTraits): VectorSpace {
  const { model, revision, pooling, queryPrefix, documentPrefix, template } = traits;
  const { dimensions, suggestedMinScore } = traits;
  const parts = [
    revision === undefined ? model : `${model}@${revision}`,
    `pooling=${pooling}`,
    ...(template === undefined ? [] : [`template=${template}`]),
    ...(queryPrefix === "" ? [] : [`query=${JSON.stringify(queryPrefix)}`]),
    ...(documentPrefix === "" ? [] : [`document=${JSON.stringify(documentPrefix)}`]),
    "l2",
    String(dimensions),
  ];
  return { id: parts.join(";"), dimensions, suggestedMinScore };
}
