import { describe, expect, test } from "vitest";
import { readEnvironment } from "./environment.ts";
import { findServers } from "./find-servers.ts";
import { connectBackend, connectEmbedder } from "./model-servers.ts";
import { fakeChatServer } from "./testing/fake-chat-server.ts";
import { fakeEmbeddingServer } from "./testing/fake-embedding-server.ts";
import { fakeServer } from "./testing/fake-server.ts";

test.each(["", "/", "/v1", "/v1/"])(
  "finds a llama-server by its address with %j at its end",
  async (path) => {
    const asked: (string | undefined)[] = [];
    const url = await fakeServer((request, response) => {
      asked.push(request.url);
      response.writeHead(request.url === "/props" ? 200 : 404).end("{}");
    });
    for (const kind of [undefined, "llama-cpp"] as const) {
      const backend = await connectBackend({ url: `${url}${path}`, kind });
      const embedder = await connectEmbedder({ url: `${url}${path}`, kind });
      await backend.health();
      await embedder.describe().catch(() => undefined);
      await Promise.all([backend.close(), embedder.close()]);
    }
    expect(asked).toContain("/health");
    expect(asked.filter((line) => line?.includes("v1/v1") || line?.startsWith("//"))).toEqual([]);
    expect(asked.filter((line) => line === "/v1/props" || line === "/v1/health")).toEqual([]);
  },
);

test("reads the embedding model's settings from the environment, with the prefix as a part of its space", async () => {
  const { embed } = readEnvironment({
    BINNACLE_EMBED_URL: "http://127.0.0.1:2",
    BINNACLE_EMBED_QUERY_PREFIX: "query: ",
    BINNACLE_EMBED_DOCUMENT_PREFIX: "passage: ",
    BINNACLE_EMBED_MIN_SCORE: "0.7",
  });
  expect(embed).toMatchObject({
    queryPrefix: "query: ",
    documentPrefix: "passage: ",
    suggestedMinScore: 0.7,
  });
  const { BINNACLE_EMBED_URL: url = "", BINNACLE_EMBED_MODEL: model } = await fakeEmbeddingServer();
  const embedder = await connectEmbedder({
    url,
    model,
    kind: "openai",
    queryPrefix: "query: ",
    suggestedMinScore: 0.7,
  });
  const { space } = await embedder.describe();
  expect(space.id).toContain("query: ");
  expect(space.suggestedMinScore).toBe(0.7);
  await embedder.close();
  const read = (): unknown =>
    readEnvironment({ BINNACLE_EMBED_URL: "http://127.0.0.1:2", BINNACLE_EMBED_MIN_SCORE: "much" });
  expect(read).toThrow(/suggestedMinScore/);
});

test("reads the documents' language from the environment and refuses an unknown one", () => {
  expect(readEnvironment({ BINNACLE_LANGUAGE: "german" }).language).toBe("german");
  expect(readEnvironment({ BINNACLE_LANGUAGE: "" }).language).toBeUndefined();
  expect(() => readEnvironment({ BINNACLE_LANGUAGE: "German" })).toThrow(
    /^BINNACLE_LANGUAGE is "German"; it may be one of .*english, .*german/,
  );
});

test("refuses a port that fetch never connects to by the variable's name", () => {
  const read = (): unknown => readEnvironment({ BINNACLE_LLM_URL: "http://127.0.0.1:10080" });
  expect(read).toThrow(
    /^BINNACLE_LLM_\*: url: fetch never connects to port 10080 .* Let the server listen on another port$/,
  );
});

test("refuses credentials in an address by the variable's name, without showing them", () => {
  const read = (): unknown => readEnvironment({ BINNACLE_LLM_URL: "http://user:s3cret@127.0.0.1:8080" });
  expect(read).toThrow(/^BINNACLE_LLM_\*: url: must not hold a user name or password/);
  expect(read).not.toThrow(/s3cret|user:/);
});

describe("several addresses", () => {
  const question = { messages: [{ role: "user" as const, content: "Why?" }] };
  const dead = "http://127.0.0.1:2";

  test("makes a pool of several addresses, of which one server must answer (Q3)", async () => {
    const { BINNACLE_LLM_URL: url = "" } = await fakeChatServer("Because.");
    const settings = { url: `${dead}, ${url}/v1`, model: "fake", kind: "openai" as const };
    const backend = await connectBackend(settings);
    for (let call = 0; call < 4; call++) expect((await backend.generate(question)).text).toBe("Because.");
    await backend.close();
    await expect(connectBackend({ url: `${dead},${dead}` })).rejects.toThrow(/nothing answers at .*:2;/);
  });

  test("finds the kind of a server that is down by a server that answers", async () => {
    const url = await fakeServer((request, response) => {
      response.writeHead(request.url === "/props" ? 200 : 404).end("{}");
    });
    const found = await findServers("BINNACLE_LLM", { url: `${dead},${url}/` });
    expect(found).toEqual([
      { url: dead, kind: "llama-cpp" },
      { url, kind: "llama-cpp" },
    ]);
  });

  test("embeds over a pool, in the same space as one server", async () => {
    const { BINNACLE_EMBED_URL: url = "", BINNACLE_EMBED_MODEL: model } = await fakeEmbeddingServer();
    const settings = { model, kind: "openai" as const };
    const [one, both] = [
      await connectEmbedder({ ...settings, url }),
      await connectEmbedder({ ...settings, url: `${url},${dead}` }),
    ];
    expect((await both.describe()).space).toEqual((await one.describe()).space);
    const { outcomes } = await both.embed(["tide"], { role: "query" });
    expect(outcomes[0]).toBeInstanceOf(Float32Array);
    await Promise.all([one.close(), both.close()]);
  });

  test("checks each address, by the variable's name", () => {
    const read = (url: string) => (): unknown => readEnvironment({ BINNACLE_LLM_URL: url });
    expect(read("http://127.0.0.1:8080,ftp://b")).toThrow(/^BINNACLE_LLM_\*: url: must be an http or https/);
    expect(read(" , ")).toThrow(/^BINNACLE_LLM_\*: url: must be an http or https/);
    expect(read("http://127.0.0.1:8080, http://127.0.0.1:8090")).not.toThrow();
  });
});

test.each(["vllm", "triton"] as const)(
  "creates the driver of %s, and asks for Triton's model",
  async (kind) => {
    const backend = await connectBackend({ url: "http://127.0.0.1:2/v1", kind, model: "m" });
    await expect(backend.generate({ messages: [{ role: "user", content: "Why?" }] })).rejects.toMatchObject({
      message: expect.stringMatching(new RegExp(`^${kind}Backend http://127.0.0.1:2:`, "i")),
    });
    await backend.close();
    const unnamed = connectBackend({ url: "http://127.0.0.1:2", kind });
    if (kind === "triton")
      await expect(unnamed).rejects.toThrow(/BINNACLE_LLM_MODEL is not set; Triton needs/);
    else await (await unnamed).close();
  },
);
