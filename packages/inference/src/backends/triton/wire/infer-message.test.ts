import { InvalidResponseError } from "@binnacle/core";
import { expect, it } from "vitest";
import { tensorFloats } from "../tensors/tensor-bytes.ts";
import { inferRequestBytes, parseInferResponse, type InferResponse } from "./infer-message.ts";
import { ProtoReader } from "./proto-reader.ts";
import { ProtoWriter } from "./proto-writer.ts";

const parse = (writer: ProtoWriter): InferResponse =>
  parseInferResponse("Triton", new ProtoReader(writer.finish()));

it("sends name, id, parameters, tensors and raw contents in the fields of ModelInferRequest", () => {
  const bytes = inferRequestBytes({
    model: "m",
    version: "2",
    id: "r1",
    parameters: { flag: true, timeout: 5, rate: 0.5, word: "a" },
    inputs: [
      { name: "x", datatype: "FP32", shape: [1, 2], data: Float32Array.of(1, 2) },
      { name: "t", datatype: "BYTES", shape: [2], data: ["é", ""] },
    ],
    outputs: ["y"],
  });
  const reader = new ProtoReader(bytes);
  const fields: string[] = [];
  while (reader.next()) fields.push(`${reader.field} ${Buffer.from(reader.bytes()).toString("hex")}`);
  const hex = (text: string): string => Buffer.from(text).toString("hex");
  expect(fields).toEqual([
    `1 ${hex("m")}`,
    `2 ${hex("2")}`,
    `3 ${hex("r1")}`,
    `4 0a04${hex("flag")}12020801`,
    `4 0a07${hex("timeout")}12021005`,
    `4 0a04${hex("rate")}120921000000000000e03f`,
    `4 0a04${hex("word")}12031a01${hex("a")}`,
    `5 0a01${hex("x")}1204${hex("FP32")}1a020102`,
    `5 0a01${hex("t")}1205${hex("BYTES")}1a0102`,
    `6 0a01${hex("y")}`,
    "7 0000803f00000040",
    "7 02000000c3a900000000",
  ]);
});

it("reads raw outputs by position", () => {
  const { outputs, parameters } = parse(
    new ProtoWriter()
      .text(1, "m")
      .message(4, (entry) =>
        entry.text(1, "triton_final_response").message(2, (choice) => choice.integer(1, true)),
      )
      .message(5, (tensor) => tensor.text(1, "a").text(2, "BF16").integers(3, [2]))
      .message(5, (tensor) => tensor.text(1, "b").text(2, "UINT8").integers(3, [1, 1]))
      .bytes(6, Uint8Array.of(0x80, 0x3f, 0, 0xc0))
      .bytes(6, Uint8Array.of(7)),
  );
  expect(parameters).toEqual({ triton_final_response: true });
  expect(outputs).toMatchObject([
    { name: "a", datatype: "BF16", shape: [2], data: Uint16Array.of(0x3f80, 0xc000) },
    { name: "b", datatype: "UINT8", shape: [1, 1], data: Uint8Array.of(7) },
  ]);
  expect(outputs[0] && tensorFloats(outputs[0])).toEqual(Float32Array.of(1, -2));
});

it.each([
  ["INT32", 2, Int32Array.of(-1, 5)],
  ["INT64", 3, BigInt64Array.of(-1n, 5n)],
  ["UINT8", 4, Uint8Array.of(255, 5)],
  ["BOOL", 1, Uint8Array.of(1, 0)],
] as const)("reads typed contents of %s, which servers other than Triton send", (datatype, field, data) => {
  const { outputs } = parse(
    new ProtoWriter().message(5, (tensor) =>
      tensor
        .text(1, "a")
        .text(2, datatype)
        .integers(3, [2])
        .message(5, (contents) => contents.integers(field, Array.from(data, Number))),
    ),
  );
  expect(outputs).toMatchObject([{ datatype, data }]);
});

it("reads typed texts and floats", () => {
  const floats = Buffer.from(Float32Array.of(1.5, -2).buffer);
  const { outputs } = parse(
    new ProtoWriter()
      .message(5, (tensor) =>
        tensor
          .text(1, "a")
          .text(2, "FP32")
          .integers(3, [2])
          .message(5, (contents) => contents.bytes(6, floats)),
      )
      .message(5, (tensor) =>
        tensor
          .text(1, "b")
          .text(2, "BYTES")
          .integers(3, [1])
          .message(5, (contents) => contents.text(8, "é")),
      ),
  );
  expect(outputs).toMatchObject([
    { datatype: "FP32", data: Float32Array.of(1.5, -2) },
    { datatype: "BYTES", data: [Uint8Array.of(0xc3, 0xa9)] },
  ]);
});

it.each([
  ["FP32", [2], [0, 0, 0, 0], "holds 4 bytes instead of 8"],
  ["BYTES", [1], [9, 0, 0, 0, 65], "holds broken elements instead of 1"],
  ["BYTES", [2], [1, 0, 0, 0, 65], "holds 1 elements instead of 2"],
  ["FP8", [1], [0], "has a datatype that this driver does not know"],
  ["FP32", [-1], [], "has an impossible shape"],
])("refuses a tensor of %s %j with the bytes %j", (datatype, shape, bytes, message) => {
  const writer = new ProtoWriter()
    .message(5, (tensor) => tensor.text(1, "a").text(2, datatype).integers(3, shape))
    .bytes(6, Uint8Array.from(bytes));
  expect(() => parse(writer)).toThrow(InvalidResponseError);
  expect(() => parse(writer)).toThrow(message);
});
