import type { VectorSpace } from "@binnacle/core";

/** Whatever changes the numbers of a text's vector. */
export interface SpaceTraits {
  readonly model: string;
  readonly revision?: string | undefined;
  readonly pooling: string;
  readonly queryPrefix: string;
  readonly documentPrefix: string;
  readonly dimensions: number;
  readonly suggestedMinScore?: number | undefined;
}

/**
 * The space of vectors made this way, always of length 1: `all-MiniLM-L6-v2;pooling=mean;l2;384`. Neither address nor
 * kind of server is part of it, so that one model served twice is one space.
 */
export function vectorSpace(traits: SpaceTraits): VectorSpace {
  const { model, revision, pooling, queryPrefix, documentPrefix, dimensions, suggestedMinScore } = traits;
  const parts = [
    revision === undefined ? model : `${model}@${revision}`,
    `pooling=${pooling}`,
    ...(queryPrefix === "" ? [] : [`query=${JSON.stringify(queryPrefix)}`]),
    ...(documentPrefix === "" ? [] : [`document=${JSON.stringify(documentPrefix)}`]),
    "l2",
    String(dimensions),
  ];
  return { id: parts.join(";"), dimensions, suggestedMinScore };
}
