import type { GenerateRequest } from "@binnacle/core";
import { expect, it } from "vitest";
import type { TensorSpec, TritonModel } from "../wire/server-facts.ts";
import { textRequest } from "./text-request.ts";
import { textTensorsOf, type SamplingField, type TextTensors } from "./text-tensors.ts";

const spec = (name: string, datatype: string, shape: readonly number[]): TensorSpec => ({
  name,
  datatype,
  shape,
});
const modelOf = (
  inputs: readonly TensorSpec[],
  outputs: readonly TensorSpec[],
  maxBatchSize = 0,
): TritonModel => ({
  name: "m",
  versions: [],
  platform: "",
  inputs,
  outputs,
  config: { maxBatchSize, instances: 1, backend: "", isDecoupled: true, optionalInputs: [] },
});
const output = [spec("text_output", "BYTES", [-1])];
const image = { type: "image" as const, image: { mediaType: "image/png", data: Uint8Array.of(1, 2, 3) } };
const request: GenerateRequest = {
  messages: [{ role: "user", content: [{ type: "text", text: "hello" }, image] }],
  maxTokens: 7,
  temperature: 0.5,
  topP: 0.9,
  seed: 3,
  stop: ["a", "b"],
};
const sent = (
  model: TritonModel,
  asked: GenerateRequest = request,
  omit: readonly SamplingField[] = [],
  given?: TextTensors,
) =>
  Object.fromEntries(
    textRequest(asked, {
      label: "TritonBackend",
      address: "grpc://h:1",
      model,
      tensors: textTensorsOf("TritonBackend", model, given),
      template: "transcript",
      omit,
      adapters: ["german"],
    }).map(({ name, datatype, shape, data }) => [name, [datatype, shape, [...data]]]),
  );

it("sends the tensors of the vLLM backend", () => {
  const inputs = [
    spec("text_input", "BYTES", [1]),
    spec("image", "BYTES", [-1]),
    spec("stream", "BOOL", [1]),
    spec("sampling_parameters", "BYTES", [1]),
    spec("exclude_input_in_output", "BOOL", [1]),
    spec("return_finish_reason", "BOOL", [1]),
  ];
  expect(sent(modelOf(inputs, output), { ...request, adapter: "german" })).toEqual({
    text_input: ["BYTES", [1], ["hello"]],
    image: ["BYTES", [1], ["AQID"]],
    stream: ["BOOL", [1], [1]],
    sampling_parameters: [
      "BYTES",
      [1],
      ['{"max_tokens":7,"temperature":0.5,"top_p":0.9,"seed":3,"stop":["a","b"],"lora_name":"german"}'],
    ],
    exclude_input_in_output: ["BOOL", [1], [1]],
    return_finish_reason: ["BOOL", [1], [1]],
  });
});

it("sends the tensors of TensorRT-LLM's LLM API", () => {
  const inputs = [
    spec("text_input", "BYTES", [1]),
    spec("image_url", "BYTES", [1]),
    spec("streaming", "BOOL", [1]),
    spec("sampling_param_max_tokens", "INT32", [1]),
    spec("sampling_param_temperature", "FP32", [1]),
    spec("sampling_param_top_p", "FP32", [1]),
    spec("sampling_param_seed", "UINT64", [1]),
    spec("sampling_param_stop", "BYTES", [-1]),
    spec("sampling_param_exclude_input_from_output", "BOOL", [1]),
  ];
  expect(sent(modelOf(inputs, output))).toEqual({
    text_input: ["BYTES", [1], ["hello"]],
    image_url: ["BYTES", [1], ["data:image/png;base64,AQID"]],
    streaming: ["BOOL", [1], [1]],
    sampling_param_max_tokens: ["INT32", [1], [7]],
    sampling_param_temperature: ["FP32", [1], [0.5]],
    sampling_param_top_p: ["FP32", [1], [Math.fround(0.9)]],
    sampling_param_seed: ["UINT64", [1], [3n]],
    sampling_param_stop: ["BYTES", [2], ["a", "b"]],
    sampling_param_exclude_input_from_output: ["BOOL", [1], [1]],
  });
});

it("sends the tensors of TensorRT-LLM's ensemble, with a batch of one row", () => {
  const inputs = [
    spec("text_input", "BYTES", [-1, 1]),
    spec("max_tokens", "INT32", [-1, 1]),
    spec("temperature", "FP32", [-1, 1]),
    spec("top_p", "FP32", [-1, 1]),
    spec("seed", "UINT64", [-1, 1]),
    spec("stop_words", "BYTES", [-1, -1]),
    spec("stream", "BOOL", [-1, 1]),
  ];
  const { messages, ...sampling } = request;
  const text = { ...sampling, messages: messages.map(() => ({ role: "user" as const, content: "hello" })) };
  expect(sent(modelOf(inputs, output, 64), text)).toEqual({
    text_input: ["BYTES", [1, 1], ["hello"]],
    max_tokens: ["INT32", [1, 1], [7]],
    temperature: ["FP32", [1, 1], [0.5]],
    top_p: ["FP32", [1, 1], [Math.fround(0.9)]],
    seed: ["UINT64", [1, 1], [3n]],
    stop_words: ["BYTES", [1, 2], ["a", "b"]],
    stream: ["BOOL", [1, 1], [1]],
  });
});

it("refuses fields without an input, several images for one place, and leaves out what `omit` names", () => {
  const model = modelOf(
    [spec("message", "BYTES", [-1, 1]), spec("image", "BYTES", [-1, 1])],
    [spec("response", "BYTES", [-1, 1])],
    8,
  );
  expect(() => sent(model)).toThrow(
    expect.objectContaining({ code: "unsupported", capability: "maxTokens" }),
  );
  const omit = ["maxTokens", "temperature", "topP", "seed", "stop"] as const;
  expect(sent(model, request, omit)).toEqual({
    message: ["BYTES", [1, 1], ["hello"]],
    image: ["BYTES", [1, 1], ["AQID"]],
  });
  const two: GenerateRequest = { messages: [{ role: "user", content: [image, image] }] };
  expect(() => sent(model, two)).toThrow("takes one image");
});

it("takes the only text tensors of an unknown model, or those that the app names", () => {
  const model = modelOf(
    [spec("prompt", "BYTES", [1]), spec("n", "INT32", [1])],
    [spec("token", "BYTES", [1])],
  );
  const hello: GenerateRequest = { messages: [{ role: "user", content: "hello" }], maxTokens: 2 };
  const tensors = { prompt: "prompt", response: "token", maxTokens: "n" };
  expect(sent(model, hello, [], tensors)).toEqual({
    prompt: ["BYTES", [1], ["hello"]],
    n: ["INT32", [1], [2]],
  });
  expect(sent(model, { messages: hello.messages })).toEqual({ prompt: ["BYTES", [1], ["hello"]] });
});

it("says which tensors there are if it cannot tell the prompt from the others", () => {
  const model = modelOf([spec("a", "BYTES", [1]), spec("b", "BYTES", [1])], [spec("c", "FP32", [-1])]);
  expect(() => textTensorsOf("TritonBackend", model, undefined)).toThrow(
    'cannot tell which tensors of "m" hold the prompt and the answer; set `tensors`. Its inputs are a (BYTES [1]), b (BYTES [1]), its outputs c (FP32 [-1])',
  );
});
