import { tensorData } from "../tensors/tensor-data.ts";
import { isDatatype, type Tensor } from "../tensors/tensor.ts";
import type { TritonModel } from "../wire/server-facts.ts";

/**
 * Creates an input tensor with the datatype and the shape of the model's metadata. `values` holds one entry
 * per row, or the elements of a single row. Returns undefined if the model does not have the input.
 */
export function inputTensor(
  { inputs, config }: TritonModel,
  name: string,
  values: readonly unknown[],
  rows = 1,
): Tensor | undefined {
  const spec = inputs.find((one) => one.name === name);
  if (spec === undefined || !isDatatype(spec.datatype)) return undefined;
  const hasBatch = (config?.maxBatchSize ?? 0) > 0 || rows > 1;
  const perRow = Math.max(1, Math.floor(values.length / rows));
  const last = spec.shape.length - 1;
  const shape = spec.shape.map((length, index) => {
    if (index === 0 && hasBatch) return rows;
    if (length !== -1) return length;
    return index === last ? perRow : 1;
  });
  return { name, shape, ...tensorData(spec.datatype, values) };
}

/** Creates the tensors with fixed values. An input that the model does not have is left out. */
export function fixedTensors(
  model: TritonModel,
  fixed: Readonly<Record<string, string | number | boolean>> = {},
  rows = 1,
): readonly Tensor[] {
  const tensors = Object.entries(fixed).map(([name, value]) =>
    inputTensor(model, name, Array<unknown>(rows).fill(value), rows),
  );
  return tensors.filter((tensor) => tensor !== undefined);
}
