import { FakeEmbedder } from "@binnacle/core/testing";
import { z } from "zod";
import { fakeServer } from "./fake-server.ts";

const request = z.object({ input: z.array(z.string()), model: z.string() });

/**
 * Starts an embedding server of the OpenAI protocol without a model, and returns its environment. Similar
 * words are near.
 */
export async function fakeEmbeddingServer(model = "fake"): Promise<NodeJS.ProcessEnv> {
  const embedder = new FakeEmbedder();
  const url = await fakeServer((incoming, response) => {
    void (async () => {
      let body = "";
      for await (const part of incoming.setEncoding("utf8")) body += String(part);
      const { input } = request.parse(JSON.parse(body));
      const { outcomes } = await embedder.embed(input, { role: "document" });
      const data = outcomes.map((vector, index) => ({
        object: "embedding",
        index,
        embedding: vector instanceof Float32Array ? [...vector] : [],
      }));
      const usage = { prompt_tokens: 1, total_tokens: 1 };
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ object: "list", model, data, usage }));
    })();
  });
  return { BINNACLE_EMBED_URL: url, BINNACLE_EMBED_MODEL: model, BINNACLE_EMBED_KIND: "openai" };
}
