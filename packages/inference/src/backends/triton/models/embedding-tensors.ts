import { ConfigurationError } from "@binnacle/core";
import { z } from "zod";
import type { TritonModel } from "../wire/server-facts.ts";
import { fixedSchema, isFloat, requiredTexts, specTexts } from "./text-tensors.ts";

/** Names of the tensors through which a model takes texts and returns vectors. */
export interface EmbeddingTensors {
  /** Input for the texts (`BYTES`), one row per text. */
  readonly text: string;
  /** Output with the vectors (`FP32`, `FP16`, `BF16` or `FP64`), one row per text. */
  readonly embedding: string;
  /** Input for images as base64 text (`BYTES`). Empty for a text alone. @default none: only texts */
  readonly image?: string | undefined;
  /** Values for further inputs, the same for every row. An input that the model does not have is left out. @default none */
  readonly fixed?: Readonly<Record<string, string | number | boolean>> | undefined;
}

/** The schema of {@link EmbeddingTensors}. */
export const embeddingTensorsSchema: z.ZodType<EmbeddingTensors> = z.strictObject({
  text: z.string().min(1),
  embedding: z.string().min(1),
  image: z.string().min(1).optional(),
  fixed: fixedSchema,
});

/**
 * Returns the tensors of a model: the given ones, those of a served Qwen3-VL, or the only text input and the
 * only output of floating-point rows. Throws a `ConfigurationError` if the metadata does not tell them.
 */
export function embeddingTensorsOf(
  label: string,
  model: TritonModel,
  given: EmbeddingTensors | undefined,
): EmbeddingTensors {
  if (given !== undefined) return given;
  const inputs = new Set(model.inputs.map(({ name }) => name));
  const vectors = model.outputs.filter((output) => isFloat(output) && output.shape.length === 2);
  const named = vectors.find(({ name }) => name === "embedding");
  if (named !== undefined && inputs.has("message"))
    return {
      text: "message",
      embedding: "embedding",
      image: inputs.has("image") ? "image" : undefined,
      fixed: { mode: "embed" },
    };
  const texts = requiredTexts(model);
  const [text, embedding] = [texts[0], vectors[0]?.name];
  if (text !== undefined && embedding !== undefined && texts.length === 1 && vectors.length === 1)
    return { text, embedding };
  throw new ConfigurationError(
    `${label}: cannot tell which tensors of "${model.name}" hold the texts and the vectors; set \`tensors\`. ` +
      `Its inputs are ${specTexts(model.inputs)}, its outputs ${specTexts(model.outputs)}`,
  );
}
