import { parseTensor, tensorBytes, type TensorHeader } from "../tensors/tensor-bytes.ts";
import type { Datatype, Tensor } from "../tensors/tensor.ts";
import { ProtoReader } from "./proto-reader.ts";
import { ProtoWriter } from "./proto-writer.ts";

/** Value of a parameter of a request or an answer. */
export type ParameterValue = string | number | boolean;

/** One inference request. */
export interface InferRequest {
  /** Name of the model. */
  readonly model: string;
  /** Version of the model. @default the server's choice */
  readonly version?: string | undefined;
  /** The input tensors. */
  readonly inputs: readonly Tensor[];
  /** Names of the outputs to return. @default all */
  readonly outputs?: readonly string[] | undefined;
  /** Parameters of the request, such as `priority`. Names that begin with `triton_` are reserved. @default none */
  readonly parameters?: Readonly<Record<string, ParameterValue>> | undefined;
}

/** One answer to an inference request. A decoupled model sends several. */
export interface InferResponse {
  readonly model: string;
  readonly version: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly outputs: readonly Tensor[];
}

/** A request with the fields that the driver adds. */
export interface SentInferRequest extends InferRequest {
  /** Identifies the request in the server's log. */
  readonly id?: string | undefined;
}

/** Writes a `ModelInferRequest` with raw tensors. */
export function inferRequestBytes(request: SentInferRequest): Buffer {
  const { model, version, id, inputs, outputs = [], parameters = {} } = request;
  const raw = inputs.map(tensorBytes);
  const writer = new ProtoWriter(1024 + raw.reduce((sum, { byteLength }) => sum + byteLength, 0));
  writer.text(1, model);
  if (version !== undefined) writer.text(2, version);
  if (id !== undefined) writer.text(3, id);
  for (const [name, value] of Object.entries(parameters))
    writer.message(4, (entry) => entry.text(1, name).message(2, (choice) => writeParameter(choice, value)));
  for (const { name, datatype, shape } of inputs)
    writer.message(5, (tensor) => tensor.text(1, name).text(2, datatype).integers(3, shape));
  for (const name of outputs) writer.message(6, (tensor) => tensor.text(1, name));
  for (const bytes of raw) writer.bytes(7, bytes);
  return writer.finish();
}

/** Reads a `ModelInferResponse`. */
export function parseInferResponse(source: string, reader: ProtoReader): InferResponse {
  let [model, version] = ["", ""];
  const parameters: Record<string, ParameterValue> = {};
  const headers: OutputHeader[] = [];
  const raw: Uint8Array[] = [];
  while (reader.next()) {
    if (reader.field === 1) model = reader.text();
    else if (reader.field === 2) version = reader.text();
    else if (reader.field === 4) readParameter(reader.message(), parameters);
    else if (reader.field === 5) headers.push(readHeader(reader.message()));
    else if (reader.field === 6) raw.push(reader.bytes());
    else reader.skip();
  }
  // Servers other than Triton answer with typed contents. Raw contents pair with the outputs by position.
  const outputs = headers.map((header, index) => {
    const bytes = raw[index] ?? header.contents?.(header.datatype) ?? new Uint8Array();
    return parseTensor(source, header, bytes);
  });
  return { model, version, parameters, outputs };
}

type Contents = (datatype: string) => Uint8Array;
type OutputHeader = TensorHeader & { readonly contents?: Contents | undefined };

function readHeader(reader: ProtoReader): OutputHeader {
  let [name, datatype] = ["", ""];
  const shape: number[] = [];
  let contents: Contents | undefined;
  while (reader.next()) {
    if (reader.field === 1) name = reader.text();
    else if (reader.field === 2) datatype = reader.text();
    else if (reader.field === 3) shape.push(...reader.integers().map(Number));
    else if (reader.field === 5) contents = readContents(reader.message());
    else reader.skip();
  }
  return { name, datatype, shape, contents };
}

/** Reads `InferTensorContents` and returns a function that lays them out as raw bytes. */
function readContents(reader: ProtoReader): Contents {
  const whole: bigint[] = [];
  const floats: number[] = [];
  const elements: Uint8Array[] = [];
  while (reader.next()) {
    if (reader.field <= 5) whole.push(...reader.integers());
    else if (reader.field === 6) floats.push(...reader.floats(4));
    else if (reader.field === 7) floats.push(...reader.floats(8));
    else if (reader.field === 8) elements.push(reader.bytes());
    else reader.skip();
  }
  return (datatype) => {
    const make = typed[datatype];
    return make === undefined ? new Uint8Array() : make({ whole, floats, elements });
  };
}

interface TypedContents {
  readonly whole: readonly bigint[];
  readonly floats: readonly number[];
  readonly elements: readonly Uint8Array[];
}

// FP16 and BF16 have no typed form.
const typed: Partial<Readonly<Record<string, (contents: TypedContents) => Uint8Array>>> = {
  BOOL: ({ whole }) => tensorBytes({ datatype: "BOOL", data: Uint8Array.from(whole, Number) }),
  UINT8: ({ whole }) => tensorBytes({ datatype: "UINT8", data: Uint8Array.from(whole, Number) }),
  UINT16: ({ whole }) => tensorBytes({ datatype: "UINT16", data: Uint16Array.from(whole, Number) }),
  UINT32: ({ whole }) => tensorBytes({ datatype: "UINT32", data: Uint32Array.from(whole, Number) }),
  UINT64: ({ whole }) => tensorBytes({ datatype: "UINT64", data: BigUint64Array.from(whole) }),
  INT8: ({ whole }) => tensorBytes({ datatype: "INT8", data: Int8Array.from(whole, Number) }),
  INT16: ({ whole }) => tensorBytes({ datatype: "INT16", data: Int16Array.from(whole, Number) }),
  INT32: ({ whole }) => tensorBytes({ datatype: "INT32", data: Int32Array.from(whole, Number) }),
  INT64: ({ whole }) => tensorBytes({ datatype: "INT64", data: BigInt64Array.from(whole) }),
  FP32: ({ floats }) => tensorBytes({ datatype: "FP32", data: Float32Array.from(floats) }),
  FP64: ({ floats }) => tensorBytes({ datatype: "FP64", data: Float64Array.from(floats) }),
  BYTES: ({ elements }) => tensorBytes({ datatype: "BYTES", data: elements }),
} satisfies Partial<Record<Datatype, (contents: TypedContents) => Uint8Array>>;

function writeParameter(writer: ProtoWriter, value: ParameterValue): void {
  if (typeof value === "boolean") writer.integer(1, value);
  else if (typeof value === "string") writer.text(3, value);
  else if (Number.isSafeInteger(value)) writer.integer(2, value);
  else writer.double(4, value);
}

function readParameter(reader: ProtoReader, parameters: Record<string, ParameterValue>): void {
  let name = "";
  let value: ParameterValue = "";
  while (reader.next()) {
    if (reader.field === 1) name = reader.text();
    else if (reader.field === 2) value = parameterValue(reader.message());
    else reader.skip();
  }
  parameters[name] = value;
}

function parameterValue(reader: ProtoReader): ParameterValue {
  let value: ParameterValue = "";
  while (reader.next()) {
    if (reader.field === 1) value = reader.boolean();
    else if (reader.field === 2) value = reader.signed();
    else if (reader.field === 3) value = reader.text();
    else if (reader.field === 4) value = reader.double();
    else if (reader.field === 5) value = reader.integer();
    else reader.skip();
  }
  return value;
}
