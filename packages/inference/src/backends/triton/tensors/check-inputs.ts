import { ConfigurationError, UnsupportedError } from "@binnacle/core";
import type { InferRequest } from "../wire/infer-message.ts";
import type { TensorSpec, TritonModel } from "../wire/server-facts.ts";
import { dataIssue, elementCount, isDatatype, type Tensor } from "./tensor.ts";

/**
 * Checks a request against the model's metadata before it is sent. Throws a `ConfigurationError` that names
 * every wrong input, with the expected and the given value.
 */
export function checkInputs(label: string, request: InferRequest, model: TritonModel): void {
  const { inputs, outputs: specs, config } = model;
  if (inputs.length === 0) return; // servers other than Triton may not describe a model's tensors
  const issues: { readonly path: string; readonly message: string }[] = [];
  const report = (path: string, message: string): void => void issues.push({ path, message });
  const known = new Map(inputs.map((spec) => [spec.name, spec]));
  for (const tensor of request.inputs) {
    const spec = known.get(tensor.name);
    const path = `inputs.${tensor.name}`;
    if (spec === undefined)
      report(path, `is not an input of "${model.name}"; its inputs are ${names(inputs)}`);
    else
      for (const [field, message] of tensorIssues(tensor, spec, config?.maxBatchSize ?? 0))
        report(`${path}.${field}`, message);
  }
  const given = new Set(request.inputs.map(({ name }) => name));
  if (given.size < request.inputs.length) report("inputs", "two tensors have the same name");
  // Without a configuration nothing tells which inputs are optional.
  const required =
    config === undefined ? [] : inputs.filter(({ name }) => !config.optionalInputs.includes(name));
  for (const { name, datatype } of required)
    if (!given.has(name))
      report(`inputs.${name}`, `is missing; "${model.name}" needs this tensor of ${datatype}`);
  for (const name of request.outputs ?? [])
    if (!specs.some((spec) => spec.name === name))
      report("outputs", `"${name}" is not an output of "${model.name}"; its outputs are ${names(specs)}`);
  for (const message of batchIssues(request, model)) report("inputs", message);
  if (issues.length === 0) return;
  const text = issues.map(({ path, message }) => `${path}: ${message}`).join("; ");
  throw new ConfigurationError(`${label}: ${text}`, { issues });
}

/** Throws an `UnsupportedError` if a model sends its answers as a stream. */
export function checkSingleAnswer(label: string, { name, config }: TritonModel): void {
  if (config?.isDecoupled !== true) return;
  throw new UnsupportedError(
    `${label}: "${name}" is decoupled and sends any number of answers; use stream()`,
    {
      capability: "infer",
    },
  );
}

function* tensorIssues(
  { datatype, shape, data }: Tensor,
  spec: TensorSpec,
  maxBatchSize: number,
): Generator<readonly [field: string, message: string]> {
  if (!isDatatype(datatype) || datatype !== spec.datatype)
    return yield ["datatype", `expected ${spec.datatype}, got ${String(datatype)}`];
  const expected = dataIssue(datatype, data);
  if (expected !== undefined) return yield ["data", `${datatype} needs ${expected}`];
  const fits =
    shape.length === spec.shape.length &&
    shape.every((length, index) => {
      const wanted = spec.shape[index] ?? -1;
      return Number.isSafeInteger(length) && length >= 0 && (wanted === -1 || wanted === length);
    });
  if (!fits) return yield ["shape", `expected ${shapeText(spec.shape)}, got ${shapeText(shape)}`];
  const count = elementCount(shape);
  if (data.length !== count)
    yield ["data", `${shapeText(shape)} needs ${count} elements, got ${data.length}`];
  if (maxBatchSize > 0 && shape[0] === 0) yield ["shape", "a batch needs at least one row"];
}

function* batchIssues({ inputs }: InferRequest, { name, config }: TritonModel): Generator<string> {
  const maxBatchSize = config?.maxBatchSize ?? 0;
  if (maxBatchSize === 0) return;
  const sizes = new Set(inputs.map(({ shape }) => shape[0] ?? 0));
  const largest = Math.max(0, ...sizes);
  if (largest > maxBatchSize)
    yield `"${name}" takes at most ${maxBatchSize} rows, got ${largest}; split them`;
  if (sizes.size > 1) yield `the tensors have different numbers of rows: ${[...sizes].join(", ")}`;
}

function names(specs: readonly TensorSpec[]): string {
  return specs.map(({ name }) => name).join(", ");
}

function shapeText(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}
