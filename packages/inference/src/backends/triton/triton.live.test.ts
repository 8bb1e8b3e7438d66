import { embedderContract, inferenceBackendContract } from "@binnacle/core/testing";
import { afterAll, beforeAll, describe, test } from "vitest";
import { startTriton, tritonMissing, type Triton } from "../../../../../tests/servers/triton.ts";
import { TritonBackend } from "./triton-backend.ts";
import { TritonEmbedder } from "./triton-embedder.ts";

const missing = await tritonMissing();
const because = missing === undefined ? "" : ` (skipped: ${missing})`;

describe.skipIf(missing !== undefined).each(["gRPC", "HTTP"] as const)(
  `Triton over %s${because}`,
  (transport) => {
    let triton: Triton;
    beforeAll(async () => {
      triton = await startTriton();
    });
    afterAll(() => triton.close());
    const url = (): string => (transport === "gRPC" ? triton.url : triton.httpUrl);

    for (const { name, run } of inferenceBackendContract(
      async () => new TritonBackend({ url: url(), model: "text-stream" }),
    ))
      test(`${name}, with the tensors of the vLLM backend (T12)`, run);
    for (const { name, run } of embedderContract(
      async () => new TritonEmbedder({ url: url(), model: "qwen3-vl" }),
    ))
      test(`${name}, as an embedder of texts and images (T18)`, run);
    for (const { name, run } of embedderContract(
      async () => new TritonEmbedder({ url: url(), model: "half-embedder" }),
    ))
      test(`${name}, as an embedder of FP16 with tensors from its metadata (T18)`, run);
  },
);
