import { embedderContract, inferenceBackendContract } from "@binnacle/core/testing";
import { afterAll, beforeAll, describe, test } from "vitest";
import { startTriton, tritonMissing, type Triton } from "../../../../../tests/servers/triton.ts";
import { TritonBackend } from "./triton-backend.ts";
import { TritonEmbedder } from "./triton-embedder.ts";

const missing = await tritonMissing();
const because = missing === undefined ? "" : ` (skipped: ${missing})`;

// The suite in tests/conformance runs the contracts over gRPC.
describe.skipIf(missing !== undefined)(`Triton over HTTP${because}`, () => {
  let triton: Triton;
  beforeAll(async () => {
    triton = await startTriton();
  });
  afterAll(() => triton.close());

  for (const { name, run } of inferenceBackendContract(
    async () => new TritonBackend({ url: triton.httpUrl, model: "text-stream" }),
  ))
    test(`${name}, with the tensors of the vLLM backend (T12)`, run);
  for (const { name, run } of embedderContract(
    async () => new TritonEmbedder({ url: triton.httpUrl, model: "half-embedder" }),
  ))
    test(`${name}, as an embedder of FP16 with tensors from its metadata (T18)`, run);
});
