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

/** Returns the tensors without the missing ones. */
export function presentTensors(tensors: readonly (Tensor | undefined)[]): readonly Tensor[] {
  return tensors.filter((tensor) => tensor !== undefined);
}

/** Returns the most rows in one request: the model's own limit, or 1 if its input has no batch dimension. */
export function batchLimit({ inputs, config }: TritonModel, input: string, maxItems: number): number {
  if (config !== undefined && config.maxBatchSize > 0) return Math.min(maxItems, config.maxBatchSize);
  return inputs.find(({ name }) => name === input)?.shape[0] === -1 ? maxItems : 1;
}

/** Creates the tensors with fixed values. An input that the model does not have is left out. */
export function fixedTensors(
  model: TritonModel,
  fixed: Readonly<Record<string, string | number | boolean>> = {},
  rows = 1,
): readonly Tensor[] {
  return presentTensors(
    Object.entries(fixed).map(([name, value]) =>
      inputTensor(model, name, Array<unknown>(rows).fill(value), rows),
    ),
  );
}
