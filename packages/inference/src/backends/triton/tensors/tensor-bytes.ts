import { InvalidResponseError } from "@binnacle/core";
import { bf16OfFloats, floatsOfBf16, floatsOfFp16, fp16OfFloats } from "./half-floats.ts";
import { elementBytes, elementCount, isDatatype, type Tensor, type TensorData } from "./tensor.ts";

/**
 * Returns the raw bytes of a tensor: little-endian, in row-major order, without padding. Arrays of numbers
 * are not copied. Each `BYTES` element follows its length as a 32-bit number.
 */
export function tensorBytes(tensor: TensorData): Uint8Array {
  const { datatype, data } = tensor;
  if (datatype === "BYTES") return joined(data);
  if (datatype === "FP16" && data instanceof Float32Array) return viewOf(fp16OfFloats(data));
  if (datatype === "BF16" && data instanceof Float32Array) return viewOf(bf16OfFloats(data));
  return viewOf(data);
}

/** Name, datatype and shape that a server reports for a tensor. */
export interface TensorHeader {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
}

/**
 * Reads the raw bytes of a tensor. The result may share their memory. Throws `InvalidResponseError` if the
 * bytes do not fit the shape.
 */
export function parseTensor(source: string, header: TensorHeader, bytes: Uint8Array): Tensor {
  const { name, datatype, shape } = header;
  const wrong = (what: string): InvalidResponseError =>
    new InvalidResponseError(`${source}: tensor "${name}" (${datatype}, ${shape.join(" × ")}) ${what}`);
  if (!isDatatype(datatype)) throw wrong("has a datatype that this driver does not know");
  const count = elementCount(shape);
  if (!Number.isSafeInteger(count) || count < 0) throw wrong("has an impossible shape");
  if (datatype === "BYTES") {
    const data = split(bytes);
    if (data?.length !== count) throw wrong(`holds ${data?.length ?? "broken"} elements instead of ${count}`);
    return { name, shape, datatype, data };
  }
  const size = elementBytes(datatype);
  if (bytes.byteLength !== count * size)
    throw wrong(`holds ${bytes.byteLength} bytes instead of ${count * size}`);
  return { name, shape, ...numbers(datatype, bytes, size) };
}

/** Returns the numbers of a floating-point tensor as float32, or undefined for other datatypes. */
export function tensorFloats(tensor: TensorData): Float32Array | undefined {
  const { datatype, data } = tensor;
  if (datatype === "FP32") return data;
  if (datatype === "FP64") return Float32Array.from(data);
  if (datatype !== "FP16" && datatype !== "BF16") return undefined;
  if (data instanceof Float32Array) return data;
  return datatype === "FP16" ? floatsOfFp16(data) : floatsOfBf16(data);
}

/** Returns the elements of a `BYTES` tensor as text, or undefined for other datatypes. */
export function tensorTexts(tensor: TensorData): readonly string[] | undefined {
  if (tensor.datatype !== "BYTES") return undefined;
  const decoder = new TextDecoder();
  return tensor.data.map((one) => (typeof one === "string" ? one : decoder.decode(one)));
}

function joined(elements: readonly (string | Uint8Array)[]): Uint8Array {
  const lengths = elements.map((one) => (typeof one === "string" ? Buffer.byteLength(one) : one.byteLength));
  const bytes = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + 4 + length, 0));
  let offset = 0;
  for (const [index, one] of elements.entries()) {
    const length = lengths[index] ?? 0;
    offset = bytes.writeUInt32LE(length, offset);
    if (typeof one === "string") bytes.write(one, offset);
    else bytes.set(one, offset);
    offset += length;
  }
  return bytes;
}

/** Splits the elements of a `BYTES` tensor. Returns undefined if a length exceeds the bytes. */
function split(bytes: Uint8Array): Uint8Array[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const elements: Uint8Array[] = [];
  let offset = 0;
  while (offset < bytes.byteLength) {
    if (offset + 4 > bytes.byteLength) return undefined;
    const start = offset + 4;
    offset = start + view.getUint32(offset, true);
    if (offset > bytes.byteLength) return undefined;
    // Never a Buffer, which differs from a Uint8Array.
    elements.push(new Uint8Array(bytes.buffer, bytes.byteOffset + start, offset - start));
  }
  return elements;
}

function viewOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function numbers(
  datatype: Exclude<TensorData["datatype"], "BYTES">,
  raw: Uint8Array,
  size: number,
): TensorData {
  // A part of a message may start at any byte, but arrays of numbers must be aligned.
  const { buffer, byteOffset, byteLength } = raw.byteOffset % size === 0 ? raw : new Uint8Array(raw);
  const length = byteLength / size;
  switch (datatype) {
    case "BOOL":
    case "UINT8":
      return { datatype, data: new Uint8Array(buffer, byteOffset, length) };
    case "UINT16":
    case "FP16":
    case "BF16":
      return { datatype, data: new Uint16Array(buffer, byteOffset, length) };
    case "UINT32":
      return { datatype, data: new Uint32Array(buffer, byteOffset, length) };
    case "UINT64":
      return { datatype, data: new BigUint64Array(buffer, byteOffset, length) };
    case "INT8":
      return { datatype, data: new Int8Array(buffer, byteOffset, length) };
    case "INT16":
      return { datatype, data: new Int16Array(buffer, byteOffset, length) };
    case "INT32":
      return { datatype, data: new Int32Array(buffer, byteOffset, length) };
    case "INT64":
      return { datatype, data: new BigInt64Array(buffer, byteOffset, length) };
    case "FP32":
      return { datatype, data: new Float32Array(buffer, byteOffset, length) };
    case "FP64":
      return { datatype, data: new Float64Array(buffer, byteOffset, length) };
  }
}
