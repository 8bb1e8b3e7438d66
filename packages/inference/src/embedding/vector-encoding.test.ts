import { InferenceError } from "@binnacle/core";
import { expect, test } from "vitest";
import { VectorEncoding } from "./vector-encoding.ts";

const refused = new InferenceError("encoding_format is unknown", { kind: "invalid-request" });
const answer = { vectors: [Float32Array.of(1)] };

test("asks for numbers if the server refuses base64, and remembers it (E3)", async () => {
  const encoding = new VectorEncoding();
  const asked: string[] = [];
  const send = () =>
    encoding.send((format) => {
      asked.push(format);
      return format === "base64" ? Promise.reject(refused) : Promise.resolve(answer);
    });
  expect([await send(), await send()]).toEqual([answer, answer]);
  expect(asked).toEqual(["base64", "float", "float"]);
});

test("throws the first refusal if numbers are refused too, and never asks again after base64 has worked", async () => {
  const encoding = new VectorEncoding();
  const second = new InferenceError("still wrong", { kind: "invalid-request" });
  await expect(
    encoding.send((format) => Promise.reject(format === "base64" ? refused : second)),
  ).rejects.toBe(refused);
  await encoding.send(() => Promise.resolve(answer));
  const asked: string[] = [];
  await expect(encoding.send((format) => (asked.push(format), Promise.reject(refused)))).rejects.toBe(
    refused,
  );
  expect(asked).toEqual(["base64"]);
});
