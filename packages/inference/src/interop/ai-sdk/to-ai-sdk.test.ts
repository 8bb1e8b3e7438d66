import { FakeEmbedder, FakeInferenceBackend } from "@binnacle/core/testing";
import { embed, embedMany, generateText, jsonSchema, stepCountIs, streamText, tool } from "ai";
import { describe, expect, test } from "vitest";
import { toAISDK } from "./to-ai-sdk.ts";

const fakeBackend = () => new FakeInferenceBackend({ replies: ["one two three four five"] });

describe("toAISDK", () => {
  test("streams text through `streamText`", async () => {
    const result = streamText({
      model: toAISDK(new FakeInferenceBackend({ replies: ["one two"] })),
      prompt: "Go",
    });
    const texts: string[] = [];
    for await (const text of result.textStream) texts.push(text);
    expect(texts.join("")).toBe("one two");
    expect(texts.length).toBeGreaterThan(1);
    expect(await result.finishReason).toBe("stop");
  });

  test("lets `generateText` run a tool and return its result to the backend", async () => {
    const call = { id: "c1", name: "weather", arguments: '{"city":"Oslo"}' };
    const backend = new FakeInferenceBackend({
      replies: [{ text: "", toolCalls: [call] }, "It rains in Oslo."],
      capabilities: { tools: true },
    });
    const seen: unknown[] = [];
    const { text } = await generateText({
      model: toAISDK(backend),
      prompt: "Weather in Oslo?",
      stopWhen: stepCountIs(2),
      tools: {
        weather: tool({
          description: "Tells the weather.",
          inputSchema: jsonSchema<{ city: string }>({
            type: "object",
            properties: { city: { type: "string" } },
          }),
          execute: async (input) => {
            seen.push(input);
            return "rain";
          },
        }),
      },
    });
    expect(text).toBe("It rains in Oslo.");
    expect(seen).toEqual([{ city: "Oslo" }]);
    expect(backend.requests[1]?.messages.slice(-2)).toEqual([
      { role: "assistant", content: "", toolCalls: [call] },
      { role: "tool", toolCallId: "c1", content: "rain" },
    ]);
  });

  test("embeds through `embed` and `embedMany`, with one role per model", async () => {
    const fake = new FakeEmbedder();
    const { embedding } = await embed({ model: toAISDK(fake, { role: "query" }), value: "a" });
    const [expected] = (await fake.embed(["a"], { role: "query" })).outcomes;
    expect(Float32Array.from(embedding)).toEqual(expected);
    const values = Array.from({ length: 70 }, (_, index) => `text ${index}`);
    const { embeddings } = await embedMany({ model: toAISDK(fake), values });
    expect(embeddings).toHaveLength(70);
    await expect(embed({ model: toAISDK(fake), value: "" })).rejects.toMatchObject({ code: "empty_input" });
  });

  test("warns of settings that have no counterpart, and refuses content that would be lost", async () => {
    const model = toAISDK(fakeBackend());
    const prompt = [{ role: "user" as const, content: [{ type: "text" as const, text: "Hi" }] }];
    const { warnings } = await model.doGenerate({ prompt, topK: 5, reasoning: "high" });
    expect(warnings.map((warning) => "feature" in warning && warning.feature)).toEqual(["topK", "reasoning"]);
    const data = { type: "data" as const, data: "AAAA" };
    const file = { type: "file" as const, mediaType: "application/pdf", data };
    await expect(model.doGenerate({ prompt: [{ role: "user", content: [file] }] })).rejects.toThrow(
      /a file of type "application\/pdf"/,
    );
  });

  test("ends a broken stream with an error part", async () => {
    const cut = toAISDK(new FakeInferenceBackend({ replies: [{ text: "one two", cut: true }] }));
    const prompt = [{ role: "user" as const, content: [{ type: "text" as const, text: "Hi" }] }];
    const parts: string[] = [];
    for await (const part of (await cut.doStream({ prompt })).stream) parts.push(part.type);
    expect(parts.at(-1)).toBe("error");
  });
});
