import { InvalidResponseError } from "@binnacle/core";
import { tensorData } from "../tensors/tensor-data.ts";
import { isDatatype, type Tensor } from "../tensors/tensor.ts";
import { tensorTexts } from "../tensors/tensor-bytes.ts";
import type { TensorSpec } from "./server-facts.ts";
import type { InferResponse, SentInferRequest } from "./infer-message.ts";

/**
 * Writes the JSON body of Triton's `generate_stream`: one field per input. See
 * https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_generate.md.
 */
export function generateBody({ id, inputs, parameters }: SentInferRequest): Record<string, unknown> {
  const fields = inputs.map((tensor) => [tensor.name, jsonValue(tensor)] as const);
  return { ...(id === undefined ? {} : { id }), ...Object.fromEntries(fields), parameters };
}

/** Reads one event of `generate_stream`. Fields that are no outputs of the model are left out. */
export function parseGenerated(source: string, fields: object, specs: readonly TensorSpec[]): InferResponse {
  const text = (name: string): string => {
    const value: unknown = Reflect.get(fields, name);
    return typeof value === "string" ? value : "";
  };
  const outputs = specs.flatMap((spec) => {
    const value: unknown = Reflect.get(fields, spec.name);
    return value === undefined ? [] : [outputTensor(source, spec, [value].flat(Infinity))];
  });
  return { model: text("model_name"), version: text("model_version"), parameters: {}, outputs };
}

function outputTensor(source: string, { name, datatype }: TensorSpec, values: readonly unknown[]): Tensor {
  if (isDatatype(datatype)) return { name, shape: [values.length], ...tensorData(datatype, values) };
  throw new InvalidResponseError(`${source}: output "${name}" has the unknown datatype ${datatype}`);
}

function jsonValue(tensor: Tensor): unknown {
  const values: readonly unknown[] =
    tensorTexts(tensor) ?? Array.from(tensor.data, (value: unknown) => plain(tensor, value));
  return values.length === 1 ? values[0] : values;
}

function plain({ datatype }: Tensor, value: unknown): unknown {
  return datatype === "BOOL" ? value !== 0 : typeof value === "bigint" ? Number(value) : value;
}
