import { InvalidResponseError } from "@binnacle/core";
import { tensorFloats } from "../tensors/tensor-bytes.ts";
import type { Tensor } from "../tensors/tensor.ts";

/**
 * Cuts an output of floating-point numbers into its rows, which share memory. Throws `InvalidResponseError`
 * unless there is one row per input, with at least one number.
 */
export function outputRows(
  label: string,
  outputs: readonly Tensor[],
  name: string,
  rows: number,
): readonly Float32Array[] {
  const tensor = outputs.find((output) => output.name === name);
  const floats = tensor && tensorFloats(tensor);
  if (tensor === undefined || floats === undefined) {
    const got = tensor?.datatype ?? `only ${outputs.map((output) => output.name).join(", ")}`;
    throw new InvalidResponseError(
      `${label}: expected the output "${name}" with floating-point numbers, got ${got}`,
    );
  }
  const width = floats.length / rows;
  if (tensor.shape[0] !== rows || width === 0 || !Number.isInteger(width)) {
    const came = tensor.shape.join(" × ");
    throw new InvalidResponseError(`${label}: expected ${rows} rows, one per input, got a tensor of ${came}`);
  }
  return Array.from({ length: rows }, (_, row) => floats.subarray(row * width, (row + 1) * width));
}
