import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import {
  llamaServerMissing,
  startLlamaServer,
  type LlamaServer,
} from "../../../../../tests/servers/llama-server.ts";
import { LlamaCppBackend } from "./llama-cpp-backend.ts";
import { LlamaCppEmbedder } from "./llama-cpp-embedder.ts";

const missing = await llamaServerMissing("own");
const because = missing === undefined ? "" : ` (skipped: ${missing})`;

describe.skipIf(missing !== undefined)(`llama-server with SmolLM2${because}`, () => {
  let server: LlamaServer;
  beforeAll(async () => (server = await startLlamaServer({ kind: "chat", args: ["--no-webui"] })));
  afterAll(() => server.close());

  test("reports its model and answers from a given context (T11, Q5)", async () => {
    const backend = new LlamaCppBackend({ url: server.url });
    const { model, contextTokens, vision } = await backend.capabilities();
    expect({ model, contextTokens, vision }).toEqual({
      model: "smollm2-135m-instruct",
      contextTokens: 2048,
      vision: false,
    });
    const content = "Context: The capital of Freedonia is Zubrowka.\nWhat is the capital of Freedonia?";
    const { text, usage } = await backend.generate({
      messages: [{ role: "user", content }],
      temperature: 0,
      maxTokens: 30,
    });
    expect(text).toContain("Zubrowka");
    expect(usage?.promptTokens).toBe(await backend.countTokens({ messages: [{ role: "user", content }] }));
    await backend.close();
  });

  test("frees the slot when the reader leaves the loop (T47)", async () => {
    const backend = new LlamaCppBackend({ url: server.url });
    const busy = async (): Promise<number> => {
      const slots = z.array(z.object({ is_processing: z.boolean() }));
      const body = slots.parse(await (await fetch(`${server.url}/slots`)).json());
      return body.filter(({ is_processing }) => is_processing).length;
    };
    const long = {
      messages: [{ role: "user" as const, content: "Tell me a very long story." }],
      maxTokens: 2000,
    };
    for await (const event of backend.stream(long)) {
      if (event.type !== "text") continue;
      expect(await busy()).toBe(1);
      break;
    }
    await expect.poll(busy, { timeout: 5_000 }).toBe(0); // the whole story would take half a minute
    await backend.close();
  });

  test("reports a prompt over the context as too long, with the token count", async () => {
    const backend = new LlamaCppBackend({ url: server.url });
    const messages = [{ role: "user" as const, content: "word ".repeat(3000) }];
    await expect(backend.generate({ messages })).rejects.toMatchObject({
      kind: "too-long",
      retryable: false,
      message: expect.stringMatching(/30\d\d tokens/),
    });
    await backend.close();
  });
});

describe.skipIf(missing !== undefined)(`llama-server with MiniLM${because}`, () => {
  let server: LlamaServer;
  beforeAll(async () => (server = await startLlamaServer({ kind: "embed", args: ["--no-webui"] })));
  afterAll(() => server.close());

  test("asks the server for dimensions and limits (T19)", async () => {
    const embedder = new LlamaCppEmbedder({ url: server.url });
    expect(await embedder.describe()).toEqual({
      space: { id: "all-MiniLM-L6-v2;pooling=model;l2;384", dimensions: 384 },
      accepts: ["text"],
      maxItems: 32,
      maxTokensPerItem: 512,
      concurrency: 1,
    });
    await embedder.close();
  });

  test("puts related texts nearer than unrelated ones, and returns vectors of length 1", async () => {
    const embedder = new LlamaCppEmbedder({ url: server.url });
    const texts = [
      "A cat sits on the mat.",
      "A kitten rests on a rug.",
      "Interest rates rose by two percent.",
    ];
    const { outcomes } = await embedder.embed(texts, { role: "document" });
    const [cat, kitten, rates] = outcomes.map((outcome) => {
      expect(outcome).toBeInstanceOf(Float32Array);
      return outcome instanceof Float32Array ? outcome : new Float32Array();
    });
    const dot = (a: Float32Array | undefined, b: Float32Array | undefined): number =>
      a?.reduce((sum, value, i) => sum + value * (b?.[i] ?? 0), 0) ?? 0;
    expect(dot(cat, cat)).toBeCloseTo(1, 5);
    expect(dot(cat, kitten)).toBeGreaterThan(0.5);
    expect(dot(cat, rates)).toBeLessThan(0.2);
    await embedder.close();
  });

  test("uses another space and other vectors with a prefix", async () => {
    const plain = new LlamaCppEmbedder({ url: server.url });
    const prefixed = new LlamaCppEmbedder({
      url: server.url,
      queryPrefix: "query: ",
      documentPrefix: "passage: ",
    });
    const [bare] = (await plain.embed(["query: tides"], { role: "query" })).outcomes;
    const query = await prefixed.embed(["tides"], { role: "query" });
    const [passage] = (await prefixed.embed(["tides"], { role: "document" })).outcomes;
    expect(query.spaceId).toBe('all-MiniLM-L6-v2;pooling=model;query="query: ";document="passage: ";l2;384');
    expect(query.outcomes[0]).toEqual(bare);
    expect(passage).not.toEqual(bare);
    await Promise.all([plain.close(), prefixed.close()]);
  });

  test("reports a text over the limit and embeds its 99 neighbours (T22)", async () => {
    const embedder = new LlamaCppEmbedder({ url: server.url });
    const texts = Array.from({ length: 100 }, (_, i) => (i === 57 ? "tide ".repeat(600) : `Tide table ${i}`));
    const { outcomes } = await embedder.embed(texts, { role: "document" });
    expect(outcomes[57]).toMatchObject({ kind: "too-long", message: expect.stringContaining("602 tokens") });
    expect(outcomes.filter((outcome) => outcome instanceof Float32Array)).toHaveLength(99);
    await embedder.close();
  });
});
