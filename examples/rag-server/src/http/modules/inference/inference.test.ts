import { InferenceError } from "@binnacle/core";
import { FakeEmbedder, FakeInferenceBackend } from "@binnacle/core/testing";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openApi, type OpenedApi } from "../../../testing/open-api.ts";
import type { GenerateReply } from "./generate-schemas.ts";

let api: OpenedApi;
let backend: FakeInferenceBackend;

beforeAll(async () => {
  backend = new FakeInferenceBackend({
    replies: ({ messages }) =>
      JSON.stringify(messages).includes("explode")
        ? { text: "Half ", error: new InferenceError("gone", { kind: "unreachable" }) }
        : { text: "Keys live in Oslo.", usage: { promptTokens: 3, completionTokens: 4 } },
  });
  api = await openApi({ parts: { backend } });
  const fields = { user_id: "keyword" };
  await api.call("POST", "/collections", { name: "conversations", fields });
  const point = { collection: "conversations", id: "old", text: "Where do keys live? In a vault." };
  await api.call("POST", "/vectors/insert", point);
});

afterAll(() => api.close());

describe("POST /generate", () => {
  test("generates without a store's help, with the model's own facts (Q6, Q16)", async () => {
    const reply = await api.call("POST", "/generate", {
      prompt: "Where do keys live?",
      model: "own",
      max_tokens: 9,
    });
    expect(reply.statusCode).toBe(200);
    expect(reply.json()).toMatchObject({
      text: "Keys live in Oslo.",
      vector_id: null,
      similarity_matches: null,
      errors: [],
      metadata: { finish_reason: "stop", usage: { completion_tokens: 4 }, request_id: expect.any(String) },
    });
    expect(backend.requests.at(-1)).toMatchObject({ model: "own", maxTokens: 9 });
  });

  test("stores prompt and text, and fills the similar points (Q16, Q39)", async () => {
    const body = {
      prompt: "Where do keys live?",
      store_embedding: true,
      find_similar: 2,
      metadata: { user_id: "u" },
    };
    const { vector_id: id, similarity_matches: matches } = (
      await api.call("POST", "/generate", body)
    ).json<GenerateReply>();
    expect(matches?.map((match) => match.id)).toContain("old");
    const stored = await api.call("GET", `/vectors/${id}?collection=conversations`);
    expect(stored.json()).toMatchObject({
      text: "Where do keys live?\n\nKeys live in Oslo.",
      metadata: { user_id: "u" },
    });
  });

  test("finds similar points while the model writes, and joins both by the request's id (Q38)", async () => {
    const order: string[] = [];
    const embedder = new FakeEmbedder({ dimensions: 8, onEmbed: () => void order.push("embed") });
    const slow = new FakeInferenceBackend({
      replies: async () => {
        await vi.waitFor(() => expect(order).toContain("embed"));
        order.push("generate");
        return "Done.";
      },
    });
    const asked = vi.spyOn(slow, "stream");
    const both = await openApi({ parts: { backend: slow, embedder } });
    await both.call("POST", "/collections", { name: "conversations" });
    const body = { prompt: "Which?", find_similar: 1 };
    const reply = await both.call("POST", "/generate", body, { "x-request-id": "r-1" });
    await both.close();
    expect(reply.json()).toMatchObject({ similarity_matches: [], metadata: { request_id: "r-1" } });
    expect(reply.headers["x-request-id"]).toBe("r-1");
    expect(asked.mock.calls[0]?.[1]).toMatchObject({ requestId: "r-1" });
    expect(order).toEqual(["embed", "generate"]);
  });

  test("streams the text, and ends with the whole reply and its usage (T47)", async () => {
    const accept = { accept: "text/event-stream" };
    const reply = await api.call("POST", "/generate", { prompt: "Where?" }, accept);
    expect(reply.headers["content-type"]).toContain("text/event-stream");
    expect(reply.body).toMatch(/^event: text\n/);
    expect(reply.body).toMatch(/event: done\ndata: \{.*"completion_tokens":4.*\}\n\n$/);
    const cut = await api.call("POST", "/generate", { prompt: "explode" }, accept);
    expect(cut.body).toMatch(/event: error\ndata: \{"code":"inference_unreachable",.*\}\n\n$/);
  });

  test("stops the model when the client leaves in the middle of the stream (T47)", async () => {
    const talkative = new FakeInferenceBackend({ replies: ["and so on ".repeat(100_000)] });
    const asked = vi.spyOn(talkative, "stream");
    const open = await openApi({ parts: { backend: talkative } });
    const url = await open.app.listen({ host: "127.0.0.1", port: 0 });
    const leave = new AbortController();
    const response = await fetch(new URL("/api/v1/generate", url), {
      method: "POST",
      headers: { "content-type": "application/json", accept: "text/event-stream" },
      body: JSON.stringify({ prompt: "x", max_tokens: 8192 }),
      signal: leave.signal,
    });
    await response.body?.getReader().read();
    leave.abort();
    await vi.waitFor(() => expect(asked.mock.calls[0]?.[1]?.signal?.aborted).toBe(true));
    await open.close();
  });

  test("reports a part that failed beside the text", async () => {
    let calls = 0;
    const embedder = new FakeEmbedder({
      dimensions: 8,
      onEmbed: () => {
        if (calls++ === 0) throw new InferenceError("http://10.0.0.1 is down", { kind: "unreachable" });
      },
    });
    const half = await openApi({ parts: { backend, embedder } });
    await half.call("POST", "/collections", { name: "conversations" });
    const body = { prompt: "Which?", find_similar: 1, store_embedding: true };
    const reply = await half.call("POST", "/generate", body);
    await half.close();
    expect(reply.json()).toMatchObject({
      text: "Keys live in Oslo.",
      similarity_matches: null,
      vector_id: expect.any(String),
      errors: [{ part: "similarity", code: "inference_unreachable" }],
    });
    expect(reply.body).not.toContain("10.0.0.1");
  });

  test("asks no model if the collection is missing or holds other vectors", async () => {
    await api.call("POST", "/collections", { name: "foreign", dimensions: 3 });
    const before = backend.requests.length;
    const generate = (collection: string) =>
      api.call("POST", "/generate", { prompt: "x", store_embedding: true, collection });
    expect((await generate("none")).statusCode).toBe(404);
    expect((await generate("foreign")).statusCode).toBe(409);
    expect(backend.requests).toHaveLength(before);
  });

  test("replies 501 without a model", async () => {
    const none = await openApi();
    const reply = await none.call("POST", "/generate", { prompt: "x" });
    await none.close();
    expect([reply.statusCode, reply.json<{ code: string }>().code]).toEqual([501, "no_model"]);
  });
});

test("generates a batch with an outcome for each request (Q17)", async () => {
  const requests = [{ prompt: "a" }, { prompt: "explode" }, { prompt: "c", store_embedding: true }];
  const reply = await api.call("POST", "/generate/batch", { requests });
  expect(reply.statusCode).toBe(207);
  expect(reply.json()).toMatchObject({
    succeeded: 2,
    failed: 1,
    outcomes: [
      { index: 0, status: "ok", reply: { text: "Keys live in Oslo." } },
      { index: 1, status: "failed", error: { code: "inference_unreachable" } },
      { index: 2, status: "ok", reply: { vector_id: expect.any(String) } },
    ],
  });
});

describe("POST /embed", () => {
  const embed = async (input: unknown, role?: string) =>
    await api.app.inject({ method: "POST", url: "/embed", payload: { input, role } });

  test("embeds one text or many, with space, dimensions and an outcome for each (T7)", async () => {
    const one = await embed("The vault is in Oslo.", "query");
    expect(one.json()).toMatchObject({ space: "fake", dimensions: 8, succeeded: 1, failed: 0 });
    const { outcomes } = (await embed(["a", { text: "b" }])).json<{ outcomes: { vector: number[] }[] }>();
    expect(outcomes.map(({ vector }) => vector.length)).toEqual([8, 8]);
  });

  test("reports an image that the model cannot read, and bytes of another type (T7)", async () => {
    const png = Buffer.from("89504e470d0a1a0a00", "hex").toString("base64");
    const images = [
      { image: { data: png, media_type: "image/png" } },
      { image: { data: png, media_type: "image/jpeg" } },
      { image: { data: "%%%=", media_type: "image/png" } },
      {},
    ];
    const reply = await embed(["text", ...images]);
    expect(reply.statusCode).toBe(207);
    const { outcomes } = reply.json<{ outcomes: { error?: { code: string } }[] }>();
    const codes = outcomes.map(({ error }) => error?.code);
    expect(codes).toEqual([undefined, "unsupported", "invalid_image", "invalid_image", "invalid_input"]);
  });

  test("fetches no address that a request names (T7)", async () => {
    for (const image of ["http://127.0.0.1/x.png", { url: "http://127.0.0.1/x.png" }])
      expect((await embed({ image })).statusCode).toBe(400);
  });
});
