import type { TensorData } from "./tensor.ts";

/** Converts plain values, such as those of JSON, to the elements of a datatype. */
export function tensorData(datatype: TensorData["datatype"], values: readonly unknown[]): TensorData {
  switch (datatype) {
    case "BOOL":
    case "UINT8":
      return { datatype, data: Uint8Array.from(values, Number) };
    case "UINT16":
      return { datatype, data: Uint16Array.from(values, Number) };
    case "UINT32":
      return { datatype, data: Uint32Array.from(values, Number) };
    case "UINT64":
      return { datatype, data: BigUint64Array.from(values, (value) => BigInt(Number(value))) };
    case "INT8":
      return { datatype, data: Int8Array.from(values, Number) };
    case "INT16":
      return { datatype, data: Int16Array.from(values, Number) };
    case "INT32":
      return { datatype, data: Int32Array.from(values, Number) };
    case "INT64":
      return { datatype, data: BigInt64Array.from(values, (value) => BigInt(Number(value))) };
    case "FP16":
    case "BF16":
    case "FP32":
      return { datatype, data: Float32Array.from(values, Number) };
    case "FP64":
      return { datatype, data: Float64Array.from(values, Number) };
    case "BYTES":
      return { datatype, data: values.map((value) => (value instanceof Uint8Array ? value : String(value))) };
  }
}
