import { InvalidResponseError } from "@binnacle/core";
import { parseResponse } from "@binnacle/core/kit";
import { z } from "zod";
import { parseTensor, tensorBytes } from "../tensors/tensor-bytes.ts";
import { tensorData } from "../tensors/tensor-data.ts";
import { isDatatype, type Tensor } from "../tensors/tensor.ts";
import type { InferResponse, ParameterValue, SentInferRequest } from "./infer-message.ts";

/** Header that names the length of the JSON part before the raw tensors. */
export const jsonLengthHeader = "inference-header-content-length";

/** The body of an inference request, and the length of its JSON part. */
export interface HttpInferBody {
  readonly jsonLength: number;
  readonly body: Uint8Array<ArrayBuffer>;
}

/**
 * Writes an inference request with binary tensors: JSON, and then the raw bytes of every input. See
 * https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_binary_data.md.
 */
export function httpInferBody(request: SentInferRequest): HttpInferBody {
  const { id, inputs, outputs, parameters } = request;
  const raw = inputs.map(tensorBytes);
  const json = JSON.stringify({
    id,
    parameters: { ...parameters, binary_data_output: true },
    inputs: inputs.map(({ name, datatype, shape }, index) => ({
      name,
      datatype,
      shape,
      parameters: { binary_data_size: raw[index]?.byteLength ?? 0 },
    })),
    outputs: outputs?.map((name) => ({ name, parameters: { binary_data: true } })),
  });
  const head = new TextEncoder().encode(json);
  const body = new Uint8Array(raw.reduce((sum, { byteLength }) => sum + byteLength, head.byteLength));
  body.set(head);
  let offset = head.byteLength;
  for (const bytes of raw) {
    body.set(bytes, offset);
    offset += bytes.byteLength;
  }
  return { jsonLength: head.byteLength, body };
}

const parameter = z.union([z.string(), z.number(), z.boolean()]);
const schema = z.object({
  model_name: z.string().default(""),
  model_version: z.string().default(""),
  parameters: z.record(z.string(), parameter).optional(),
  outputs: z.array(
    z.object({
      name: z.string(),
      datatype: z.string(),
      shape: z.array(z.int().nonnegative()),
      parameters: z.object({ binary_data_size: z.int().nonnegative().optional() }).optional(),
      data: z.array(z.unknown()).optional(),
    }),
  ),
});

/** Reads an answer whose tensors are binary, JSON, or both. */
export function parseHttpInfer(
  source: string,
  bytes: Uint8Array,
  jsonLength: number | undefined,
): InferResponse {
  const head = bytes.subarray(0, jsonLength ?? bytes.byteLength);
  const {
    model_name: model,
    model_version: version,
    parameters = {},
    outputs,
  } = parseResponse(source, schema, parseHead(source, head));
  let offset = head.byteLength;
  const tensors = outputs.map(({ name, datatype, shape, parameters: own, data }) => {
    const size = own?.binary_data_size;
    if (size === undefined) return jsonTensor(source, { name, datatype, shape, data: data ?? [] });
    const raw = bytes.subarray(offset, offset + size);
    offset += size;
    return parseTensor(source, { name, datatype, shape }, raw);
  });
  const own: Readonly<Record<string, ParameterValue>> = parameters;
  return { model, version, parameters: own, outputs: tensors };
}

function parseHead(source: string, head: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(head));
  } catch (cause) {
    throw new InvalidResponseError(`${source}: the answer does not begin with JSON`, { cause });
  }
}

interface JsonTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly data: readonly unknown[];
}

/** Reads a tensor whose elements are JSON numbers, booleans or texts. */
function jsonTensor(source: string, { name, datatype, shape, data }: JsonTensor): Tensor {
  const bytes = isDatatype(datatype)
    ? tensorBytes(tensorData(datatype, data.flat(Infinity)))
    : new Uint8Array();
  return parseTensor(source, { name, datatype, shape }, bytes);
}
