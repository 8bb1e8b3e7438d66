import { ConfigurationError } from "@binnacle/core";
import { z } from "zod";
import type { TensorSpec, TritonModel } from "../wire/server-facts.ts";

/** Name of a request field that controls how tokens are chosen. */
export type SamplingField = "maxTokens" | "temperature" | "topP" | "seed" | "stop";
/** All names of {@link SamplingField}. */
export const samplingFields = ["maxTokens", "temperature", "topP", "seed", "stop"] as const;

/** Names of the tensors through which a model takes prompts and returns text. */
export interface TextTensors {
  /** Input for the prompt (`BYTES`). */
  readonly prompt: string;
  /** Output with the text, or with the next piece of it (`BYTES`). */
  readonly response: string;
  /** Input for the images (`BYTES`). @default none: the model sees no images */
  readonly image?: string | undefined;
  /** Form of an image: the base64 text of the file, or a `data:` URL. @default "base64" */
  readonly imageForm?: "base64" | "data-url" | undefined;
  /** Inputs for request fields. A field without an input is refused, or left out if `omit` names it. */
  readonly maxTokens?: string | undefined;
  readonly temperature?: string | undefined;
  readonly topP?: string | undefined;
  readonly seed?: string | undefined;
  readonly stop?: string | undefined;
  /** Input for all of these fields as one JSON text with vLLM's names (`BYTES`). @default none */
  readonly sampling?: string | undefined;
  /** Output with the finish reason (`BYTES`). @default none */
  readonly finishReason?: string | undefined;
  /** Output with the number of tokens in the prompt. @default none */
  readonly promptTokens?: string | undefined;
  /** Output with the number of tokens in this piece of the answer. @default none */
  readonly completionTokens?: string | undefined;
  /** Values for further inputs. An input that the model does not have is left out. @default none */
  readonly fixed?: Readonly<Record<string, string | number | boolean>> | undefined;
}

const name = z.string().min(1);
export const fixedSchema: z.ZodType<TextTensors["fixed"]> = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
  .optional();
/** The schema of {@link TextTensors}. */
export const textTensorsSchema: z.ZodType<TextTensors> = z.strictObject({
  prompt: name,
  response: name,
  image: name.optional(),
  imageForm: z.enum(["base64", "data-url"]).optional(),
  maxTokens: name.optional(),
  temperature: name.optional(),
  topP: name.optional(),
  seed: name.optional(),
  stop: name.optional(),
  sampling: name.optional(),
  finishReason: name.optional(),
  promptTokens: name.optional(),
  completionTokens: name.optional(),
  fixed: fixedSchema,
});

interface KnownModel {
  /** Inputs that tell this kind of model apart. */
  readonly inputs: readonly string[];
  readonly output: string;
  readonly tensors: TextTensors;
}

const counts = { promptTokens: "num_input_tokens", completionTokens: "num_output_tokens" };
const returnsCounts = { return_num_input_tokens: true, return_num_output_tokens: true };
const sampled = (prefix: string): Pick<TextTensors, SamplingField> => ({
  maxTokens: `${prefix}max_tokens`,
  temperature: `${prefix}temperature`,
  topP: `${prefix}top_p`,
  seed: `${prefix}seed`,
  stop: `${prefix}${prefix === "" ? "stop_words" : "stop"}`,
});

// The first model whose inputs and output are all there applies.
const knownModels: readonly KnownModel[] = [
  {
    // Triton's vLLM backend. It sends the prompt back unless the request excludes it.
    inputs: ["text_input", "sampling_parameters"],
    output: "text_output",
    tensors: {
      prompt: "text_input",
      response: "text_output",
      image: "image",
      sampling: "sampling_parameters",
      finishReason: "finish_reason",
      ...counts,
      fixed: { stream: true, exclude_input_in_output: true, return_finish_reason: true, ...returnsCounts },
    },
  },
  {
    // TensorRT-LLM's LLM API.
    inputs: ["text_input", "sampling_param_max_tokens"],
    output: "text_output",
    tensors: {
      prompt: "text_input",
      response: "text_output",
      image: "image_url",
      imageForm: "data-url",
      ...sampled("sampling_param_"),
      finishReason: "finish_reason",
      fixed: { streaming: true, sampling_param_exclude_input_from_output: true, return_finish_reason: true },
    },
  },
  {
    // TensorRT-LLM's older ensemble of tokenizer, engine and detokenizer.
    inputs: ["text_input", "max_tokens"],
    output: "text_output",
    tensors: {
      prompt: "text_input",
      response: "text_output",
      ...sampled(""),
      ...counts,
      fixed: { stream: true, exclude_input_in_output: true, ...returnsCounts },
    },
  },
  {
    // A served Qwen3-VL: one message and at most one image in, a text or a vector out.
    inputs: ["message"],
    output: "response",
    tensors: { prompt: "message", response: "response", image: "image", fixed: { mode: "generate" } },
  },
];

/**
 * Returns the tensors of a model: the given ones, those of a known kind of model, or the only text input and
 * output. Names of inputs and outputs that the model does not have are left out. Throws a
 * `ConfigurationError` if the metadata does not tell them.
 */
export function textTensorsOf(
  label: string,
  model: TritonModel,
  given: TextTensors | undefined,
): TextTensors {
  if (given !== undefined) return present(given, model);
  const inputs = new Set(model.inputs.map(({ name: one }) => one));
  const outputs = new Set(model.outputs.map(({ name: one }) => one));
  const known = knownModels.find(
    (one) => one.inputs.every((input) => inputs.has(input)) && outputs.has(one.output),
  );
  if (known !== undefined) return present(known.tensors, model);
  const prompts = requiredTexts(model);
  const responses = texts(model.outputs);
  const [prompt, response] = [prompts[0], responses[0]];
  if (prompt !== undefined && response !== undefined && prompts.length === 1 && responses.length === 1)
    return { prompt, response };
  throw new ConfigurationError(
    `${label}: cannot tell which tensors of "${model.name}" hold the prompt and the answer; set \`tensors\`. ` +
      `Its inputs are ${specTexts(model.inputs)}, its outputs ${specTexts(model.outputs)}`,
  );
}

/** True for a tensor of floating-point numbers. */
export function isFloat({ datatype }: TensorSpec): boolean {
  return ["FP32", "FP16", "BF16", "FP64"].includes(datatype);
}

/** Names of the text inputs that a request must hold. */
export function requiredTexts({ inputs, config }: TritonModel): readonly string[] {
  return texts(inputs).filter((input) => config?.optionalInputs.includes(input) !== true);
}

/** Describes tensors for a message. */
export function specTexts(specs: readonly TensorSpec[]): string {
  return specs
    .map(({ name: one, datatype, shape }) => `${one} (${datatype} [${shape.join(", ")}])`)
    .join(", ");
}

function texts(specs: readonly TensorSpec[]): readonly string[] {
  return specs.filter(({ datatype }) => datatype === "BYTES").map(({ name: one }) => one);
}

/** Leaves out the optional tensors that the model does not have. */
function present(tensors: TextTensors, { inputs, outputs }: TritonModel): TextTensors {
  const all = new Set([...inputs, ...outputs].map(({ name: one }) => one));
  const optional = [
    "image",
    ...samplingFields,
    "sampling",
    "finishReason",
    "promptTokens",
    "completionTokens",
  ] as const;
  const missing = optional.filter((field) => {
    const tensor = tensors[field];
    return tensor !== undefined && !all.has(tensor);
  });
  return { ...tensors, ...Object.fromEntries(missing.map((field) => [field, undefined])) };
}
