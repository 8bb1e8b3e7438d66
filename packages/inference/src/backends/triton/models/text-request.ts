import { UnsupportedError, type GenerateRequest } from "@binnacle/core";
import type { Tensor } from "../tensors/tensor.ts";
import type { PromptTemplate } from "../triton-options.ts";
import type { TritonModel } from "../wire/server-facts.ts";
import { fixedTensors, inputTensor } from "./input-tensor.ts";
import { promptImages, promptText } from "./prompt-text.ts";
import { samplingFields, type SamplingField, type TextTensors } from "./text-tensors.ts";

/** The model and the settings of its requests. */
export interface TextRequestOptions {
  readonly label: string;
  readonly address: string;
  readonly model: TritonModel;
  readonly tensors: TextTensors;
  readonly template: PromptTemplate;
  /** Fields to leave out if the model has no input for them. */
  readonly omit: readonly SamplingField[];
  /** Names of the adapters that a request may choose. */
  readonly adapters: readonly string[];
}

/**
 * Returns the input tensors of a request. Throws an `UnsupportedError` if the model has no input for a field
 * of the request, because the server would ignore it.
 */
export function textRequest(request: GenerateRequest, options: TextRequestOptions): readonly Tensor[] {
  const { model, tensors, template, adapters } = options;
  const add = (name: string | undefined, values: readonly unknown[]): readonly Tensor[] => {
    const tensor = name === undefined ? undefined : inputTensor(model, name, values);
    return tensor === undefined ? [] : [tensor];
  };
  const images = promptImages(request.messages).map((image) => imageText(image, tensors));
  if (images.length > 1 && !takesSeveral(model, tensors.image))
    throw unsupported(options, "vision", "takes one image");
  const { adapter } = request;
  if (adapter !== undefined && (tensors.sampling === undefined || !adapters.includes(adapter)))
    throw unsupported(options, "adapters", `has no adapter "${adapter}"; name its adapters in \`adapters\``);
  return [
    ...add(tensors.prompt, [promptText(request.messages, template)]),
    ...(images.length === 0 ? [] : add(tensors.image, images)),
    ...(tensors.sampling === undefined
      ? samplingFields.flatMap((field) => samplingTensor(field, request, options, add))
      : add(tensors.sampling, [samplingJson(request)])),
    ...fixedTensors(model, tensors.fixed),
  ];
}

function samplingTensor(
  field: SamplingField,
  request: GenerateRequest,
  options: TextRequestOptions,
  add: (name: string | undefined, values: readonly unknown[]) => readonly Tensor[],
): readonly Tensor[] {
  const value = request[field];
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return [];
  const tensor = add(options.tensors[field], Array.isArray(value) ? value : [value]);
  if (tensor.length > 0 || options.omit.includes(field)) return tensor;
  throw unsupported(options, field, `has no input for it; leave it out, or add it to \`omit\``);
}

function samplingJson(request: GenerateRequest): string {
  const { maxTokens, temperature, topP, seed, stop, adapter } = request;
  return JSON.stringify({
    max_tokens: maxTokens,
    temperature,
    top_p: topP,
    seed,
    stop: stop?.map((text) => text.toWellFormed()),
    lora_name: adapter,
  });
}

function imageText(
  { mediaType, data }: { readonly mediaType: string; readonly data: Uint8Array },
  { imageForm = "base64" }: TextTensors,
): string {
  const base64 = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64");
  return imageForm === "base64" ? base64 : `data:${mediaType};base64,${base64}`;
}

function takesSeveral({ inputs }: TritonModel, name: string | undefined): boolean {
  return inputs.find((spec) => spec.name === name)?.shape.at(-1) === -1;
}

function unsupported(
  { label, address, model }: TextRequestOptions,
  capability: string,
  why: string,
): UnsupportedError {
  return new UnsupportedError(`${label}: ${capability}: the model "${model.name}" ${why}`, {
    capability,
    replica: address,
  });
}
