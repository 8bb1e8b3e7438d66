import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { OpenAIEmbedder } from "@binnacle/inference/openai";
import { OpenAIEmbeddings } from "@langchain/openai";
import { embedMany } from "ai";
import { OpenAI } from "openai";

type Fetch = typeof globalThis.fetch;

/** Embeds texts and returns one vector per text. */
export type EmbedTexts = (texts: readonly string[]) => Promise<readonly ArrayLike<number>[]>;

/** Our embedder, in one request for all texts. */
export function ourEmbedder(url: string, fetch?: Fetch): EmbedTexts {
  const embedder = new OpenAIEmbedder({
    baseUrl: `${url}/v1`,
    model: "replay",
    maxItems: 256,
    ...(fetch === undefined ? {} : { fetch }),
  });
  return async (texts) => {
    const { outcomes } = await embedder.embed(texts, { role: "document" });
    return outcomes.map((outcome) => {
      if (outcome instanceof Float32Array) return outcome;
      throw outcome;
    });
  };
}

/** The `openai` package, which asks for base64 and decodes it by itself. */
export function openAIEmbedder(url: string, fetch?: Fetch): EmbedTexts {
  const client = new OpenAI({
    baseURL: `${url}/v1`,
    apiKey: "none",
    ...(fetch === undefined ? {} : { fetch }),
  });
  return async (texts) => {
    const { data } = await client.embeddings.create({ model: "replay", input: [...texts] });
    return data.map(({ embedding }) => embedding);
  };
}

/** A `fetch` that asks for numbers and reads them into typed arrays. */
export function floatReader(url: string, fetch: Fetch = globalThis.fetch): EmbedTexts {
  return async (texts) => {
    const body = JSON.stringify({ model: "replay", input: texts, encoding_format: "float" });
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${url}/v1/embeddings`, { method: "POST", headers, body });
    const reply: { data: { embedding: number[] }[] } = JSON.parse(await response.text());
    return reply.data.map(({ embedding }) => Float32Array.from(embedding));
  };
}

/** LangChain's embeddings over the `openai` package. */
export function langChainEmbedder(url: string): EmbedTexts {
  const embeddings = new OpenAIEmbeddings({
    model: "replay",
    apiKey: "none",
    batchSize: 256,
    configuration: { baseURL: `${url}/v1` },
  });
  return (texts) => embeddings.embedDocuments([...texts]);
}

/** The AI SDK's `embedMany`. */
export function aiSDKEmbedder(url: string): EmbedTexts {
  const provider = createOpenAICompatible({ name: "replay", baseURL: `${url}/v1` });
  const model = provider.embeddingModel("replay");
  return async (texts) => (await embedMany({ model, values: [...texts] })).embeddings;
}
