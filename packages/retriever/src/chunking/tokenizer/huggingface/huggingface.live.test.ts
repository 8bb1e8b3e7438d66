import { join, resolve } from "node:path";
import { tokenizerContract } from "@binnacle/core/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  llamaServerMissing,
  startLlamaServer,
  type LlamaServer,
} from "../../../../../../tests/servers/llama-server.ts";
import { createHuggingFaceTokenizer } from "./create-huggingface-tokenizer.ts";

const missing = await llamaServerMissing("own");
const cache =
  process.env["BINNACLE_TEST_CACHE"] ?? resolve(import.meta.dirname, "../../../../../../.cache/servers");
const path = join(cache, "models/minilm-l6-v2/tokenizer.json");

describe.skipIf(missing !== undefined)(
  `MiniLM's own tokenizer.json${missing === undefined ? "" : `: ${missing}`}`,
  () => {
    let server: LlamaServer;
    beforeAll(async () => {
      server = await startLlamaServer({ kind: "embed" });
    });
    afterAll(() => server.close());

    for (const { name, run } of tokenizerContract(() => createHuggingFaceTokenizer({ tokenizer: path })))
      test(name, run);

    test("returns the ids that llama-server returns for the same model", async () => {
      const tokenizer = await createHuggingFaceTokenizer({ tokenizer: path });
      const texts = [
        "The harbour master keeps the tide tables.",
        "Naïve café, 日本語 and e\u0301!",
        "snake_case(camelCase) != 3.14159",
      ];
      for (const content of texts) {
        const response = await fetch(`${server.url}/tokenize`, {
          method: "POST",
          body: JSON.stringify({ content }),
        });
        const { tokens }: { tokens: number[] } = JSON.parse(await response.text());
        expect([...tokenizer.encode(content)], content).toEqual(tokens);
      }
    });
  },
);
