import { ConfigurationError } from "@binnacle/core";
import { z } from "zod";
import type { TritonModel } from "../wire/server-facts.ts";
import { fixedSchema, isFloat, specTexts } from "./text-tensors.ts";

/** Names of the tensors through which a model scores documents. */
export interface RerankTensors {
  /** Input for the query (`BYTES`), repeated in every row. */
  readonly query: string;
  /** Input for the documents (`BYTES`), one row per document. */
  readonly document: string;
  /** Output with the scores (`FP32`, `FP16`, `BF16` or `FP64`), one number per document. */
  readonly score: string;
  /** Values for further inputs, the same for every row. An input that the model does not have is left out. @default none */
  readonly fixed?: Readonly<Record<string, string | number | boolean>> | undefined;
}

/** The schema of {@link RerankTensors}. */
export const rerankTensorsSchema: z.ZodType<RerankTensors> = z.strictObject({
  query: z.string().min(1),
  document: z.string().min(1),
  score: z.string().min(1),
  fixed: fixedSchema,
});

/**
 * Returns the tensors of a model: the given ones, or inputs named `query` and `document` with a single
 * floating-point output. Throws a `ConfigurationError` if the metadata does not tell them.
 */
export function rerankTensorsOf(
  label: string,
  model: TritonModel,
  given: RerankTensors | undefined,
): RerankTensors {
  if (given !== undefined) return given;
  const inputs = new Set(model.inputs.map(({ name }) => name));
  const scores = model.outputs.filter(isFloat);
  const [score] = scores;
  if (score !== undefined && scores.length === 1 && inputs.has("query") && inputs.has("document"))
    return { query: "query", document: "document", score: score.name };
  throw new ConfigurationError(
    `${label}: cannot tell which tensors of "${model.name}" hold the query, the documents and the scores; ` +
      `set \`tensors\`. Its inputs are ${specTexts(model.inputs)}, its outputs ${specTexts(model.outputs)}`,
  );
}
