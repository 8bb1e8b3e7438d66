import { HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { FakeEmbeddings, SyntheticEmbeddings } from "@langchain/core/utils/testing";
import { BinnacleError } from "@binnacle/core";
import { embedderContract, FakeEmbedder, FakeInferenceBackend } from "@binnacle/core/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { fromLangChain } from "./from-langchain.ts";
import { toLangChain } from "./to-langchain.ts";

const raw = (value: unknown): ReturnType<typeof JSON.parse> => value;

describe("fromLangChain keeps the embedder's contract with LangChain's own fake", () => {
  const create = async () =>
    fromLangChain(new SyntheticEmbeddings({ vectorSize: 16 }), { model: "synthetic" });
  for (const { name, run } of embedderContract(create)) test(name, run);
});

describe("toLangChain and fromLangChain together keep the embedder's contract", () => {
  const create = async () => fromLangChain(toLangChain(new FakeEmbedder()), { model: "fake" });
  for (const { name, run } of embedderContract(create)) test(name, run);
});

describe("fromLangChain", () => {
  test("embeds queries by `embedQuery` with their prefix, and names the space after the model", async () => {
    const embeddings = new FakeEmbeddings();
    const queries: string[] = [];
    embeddings.embedQuery = async (text) => {
      queries.push(text);
      return [0.1, 0.2, 0.3, 0.4];
    };
    const embedder = fromLangChain(embeddings, { model: "e5-base", queryPrefix: "query: " });
    const { spaceId, outcomes } = await embedder.embed(["tides"], { role: "query" });
    expect([spaceId, queries]).toEqual(['e5-base;pooling=model;query="query: ";l2;4', ["query: tides"]]);
    expect(outcomes[0]).toBeInstanceOf(Float32Array);
  });

  test("reports too few vectors and failures of the provider as typed errors", async () => {
    const embeddings = new FakeEmbeddings();
    const embedder = fromLangChain(embeddings, { model: "m" });
    await embedder.describe();
    embeddings.embedDocuments = async () => [];
    await expect(embedder.embed(["a"], { role: "document" })).rejects.toThrow(/expected 1 vectors.*got 0/);
    embeddings.embedDocuments = async () => {
      throw Object.assign(new Error("503 overloaded"), { status: 503 });
    };
    await expect(embedder.embed(["a"], { role: "document" })).rejects.toMatchObject({ kind: "overloaded" });
  });

  test("refuses embeddings without a model's name, and values that are no embeddings", () => {
    expect(() => fromLangChain(new FakeEmbeddings(), raw({}))).toThrow(/model/);
    expect(() => fromLangChain(raw(undefined), { model: "m" })).toThrow(/embeddings of LangChain/);
  });
});

describe("toLangChain", () => {
  test("answers `invoke` and streams each word as a chunk", async () => {
    const backend = new FakeInferenceBackend({ replies: ["one two three"] });
    const model = toLangChain(backend);
    const message = await model.invoke([new SystemMessage("Be brief."), new HumanMessage("Count.")]);
    expect([message.text, message.response_metadata["finish_reason"]]).toEqual(["one two three", "stop"]);
    expect(backend.requests[0]?.messages).toEqual([
      { role: "system", content: "Be brief." },
      { role: "user", content: "Count." },
    ]);
    const texts: string[] = [];
    for await (const chunk of await model.stream("Count.")) texts.push(chunk.text);
    expect(texts.filter((text) => text !== "")).toEqual(["one ", "two ", "three"]);
  });

  test("passes on tools, returns their calls, whole and in pieces, and takes their results", async () => {
    const call = { id: "c1", name: "weather", arguments: '{"city":"Oslo"}' };
    const backend = new FakeInferenceBackend({
      replies: [{ text: "", toolCalls: [call] }],
      capabilities: { tools: true, namedToolChoice: true },
    });
    const weather = tool(async ({ city }) => `rain in ${city}`, {
      name: "weather",
      description: "Tells the weather.",
      schema: z.object({ city: z.string() }),
    });
    const model = toLangChain(backend).bindTools([weather], { tool_choice: "any" });
    const message = await model.invoke("Weather in Oslo?");
    expect(message.tool_calls).toMatchObject([{ id: "c1", name: "weather", args: { city: "Oslo" } }]);
    expect(backend.requests[0]).toMatchObject({
      toolChoice: "required",
      tools: [{ name: "weather", parameters: { properties: { city: { type: "string" } } } }],
    });
    let whole = await model.stream("Weather?").then(async (stream) => {
      let joined: Awaited<ReturnType<typeof model.invoke>> | undefined;
      for await (const chunk of stream) joined = joined === undefined ? chunk : joined.concat(chunk);
      return joined;
    });
    expect(whole?.tool_calls).toMatchObject([{ id: "c1", name: "weather", args: { city: "Oslo" } }]);
    whole = await model.invoke([message, new ToolMessage({ content: "rain", tool_call_id: "c1" })]);
    expect(backend.requests.at(-1)?.messages).toEqual([
      { role: "assistant", content: "", toolCalls: [call] },
      { role: "tool", toolCallId: "c1", content: "rain" },
    ]);
  });

  test("reads images in both of LangChain's forms and refuses an address", async () => {
    const backend = new FakeInferenceBackend({ replies: ["a cat"], capabilities: { vision: true } });
    const model = toLangChain(backend);
    const ask = (part: object) => model.invoke([new HumanMessage({ content: [raw(part)] })]);
    await ask({ type: "image_url", image_url: { url: "data:image/gif;base64,R0lG" } });
    await ask({ type: "image", mimeType: "image/png", data: "R0lG" });
    const images = backend.requests.map(({ messages }) => messages[0]?.content);
    const data = new Uint8Array(Buffer.from("GIF"));
    expect(images).toEqual([
      [{ type: "image", image: { mediaType: "image/gif", data } }],
      [{ type: "image", image: { mediaType: "image/png", data } }],
    ]);
    await expect(ask({ type: "image_url", image_url: "https://example.org/a.png" })).rejects.toThrow(/bytes/);
  });

  test("ends with the backend's error once, without retries, and with an abort", async () => {
    const error = new BinnacleError("boom", "the model broke", { retryable: true });
    const backend = new FakeInferenceBackend({ replies: [{ text: "", error }] });
    const model = toLangChain(backend);
    await expect(model.invoke("Hi")).rejects.toMatchObject({ code: "boom" });
    expect(backend.requests).toHaveLength(1);
    await expect(model.invoke("Hi", { signal: AbortSignal.abort(new Error("left")) })).rejects.toThrow(
      /left|abort/i,
    );
  });

  test("embeds documents and queries by their roles, and throws the error of a bad text", async () => {
    const fake = new FakeEmbedder();
    const embeddings = toLangChain(fake);
    expect(await embeddings.embedDocuments(["a", "b"])).toHaveLength(2);
    const [expected] = (await fake.embed(["a"], { role: "query" })).outcomes;
    expect(Float32Array.from(await embeddings.embedQuery("a"))).toEqual(expected);
    const short = toLangChain(new FakeEmbedder({ maxCharacters: 2 }));
    await expect(short.embedDocuments(["ok", "too long"])).rejects.toSatisfy(BinnacleError.isInstance);
  });
});
