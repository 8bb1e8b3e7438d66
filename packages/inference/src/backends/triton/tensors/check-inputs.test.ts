import { expect, it } from "vitest";
import type { InferRequest } from "../wire/infer-message.ts";
import type { TritonModel } from "../wire/server-facts.ts";
import { checkInputs, checkSingleAnswer } from "./check-inputs.ts";
import type { Tensor } from "./tensor.ts";

const model: TritonModel = {
  name: "m",
  versions: ["1"],
  platform: "",
  inputs: [
    { name: "text", datatype: "BYTES", shape: [-1, 1] },
    { name: "scale", datatype: "FP32", shape: [-1, 2] },
  ],
  outputs: [{ name: "out", datatype: "FP32", shape: [-1, 4] }],
  config: { maxBatchSize: 4, instances: 1, backend: "python", isDecoupled: false, optionalInputs: ["scale"] },
};
const text = (rows: number): Tensor => ({
  name: "text",
  datatype: "BYTES",
  shape: [rows, 1],
  data: Array<string>(rows).fill("a"),
});
const check =
  (inputs: readonly Tensor[], more: Partial<InferRequest> = {}) =>
  () =>
    checkInputs("TritonClient", { model: "m", inputs, ...more }, model);

it("accepts tensors that fit the metadata, with and without optional inputs", () => {
  const scale: Tensor = { name: "scale", datatype: "FP32", shape: [2, 2], data: new Float32Array(4) };
  check([text(4)])();
  check([text(2), scale], { outputs: ["out"] })();
});

it.each<readonly [string, readonly Tensor[], string]>([
  [
    "an unknown input",
    [text(1), { ...text(1), name: "other" }],
    'inputs.other: is not an input of "m"; its inputs are text, scale',
  ],
  ["a missing input", [], 'inputs.text: is missing; "m" needs this tensor of BYTES'],
  [
    "a wrong datatype",
    [{ name: "text", datatype: "INT32", shape: [1, 1], data: Int32Array.of(1) }],
    "inputs.text.datatype: expected BYTES, got INT32",
  ],
  [
    "a wrong shape",
    [text(1), { name: "scale", datatype: "FP32", shape: [1, 3], data: new Float32Array(3) }],
    "inputs.scale.shape: expected [-1, 2], got [1, 3]",
  ],
  [
    "a wrong number of elements",
    [text(1), { name: "scale", datatype: "FP32", shape: [1, 2], data: new Float32Array(3) }],
    "inputs.scale.data: [1, 2] needs 2 elements, got 3",
  ],
  ["a batch that is too large", [text(5)], 'inputs: "m" takes at most 4 rows, got 5; split them'],
  ["an empty batch", [text(0)], "inputs.text.shape: a batch needs at least one row"],
  [
    "different numbers of rows",
    [text(1), { name: "scale", datatype: "FP32", shape: [2, 2], data: new Float32Array(4) }],
    "inputs: the tensors have different numbers of rows: 1, 2",
  ],
  ["two tensors of one name", [text(1), text(1)], "inputs: two tensors have the same name"],
])("refuses %s and names the field", (_, inputs, message) => {
  expect(check(inputs)).toThrow(
    expect.objectContaining({ name: "ConfigurationError", message: expect.stringContaining(message) }),
  );
});

it("refuses data of another class, and an unknown output", () => {
  const wrong: Tensor = JSON.parse('{"name":"text","datatype":"BYTES","shape":[1,1],"data":[1]}');
  expect(check([wrong])).toThrow("inputs.text.data: BYTES needs an array of strings and Uint8Arrays");
  expect(check([text(1)], { outputs: ["other"] })).toThrow(
    '"other" is not an output of "m"; its outputs are out',
  );
});

it("accepts any tensors if the server does not describe them", () => {
  checkInputs("TritonClient", { model: "m", inputs: [text(9)] }, { ...model, inputs: [], outputs: [] });
});

it("refuses a decoupled model for a single answer", () => {
  const decoupled = {
    ...model,
    config: { maxBatchSize: 0, instances: 1, backend: "", isDecoupled: true, optionalInputs: [] },
  };
  expect(() => checkSingleAnswer("TritonClient", decoupled)).toThrow("use stream()");
});
