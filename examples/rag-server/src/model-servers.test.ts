import { expect, test } from "vitest";
import { readEnvironment } from "./environment.ts";
import { connectBackend, connectEmbedder } from "./model-servers.ts";
import { fakeEmbeddingServer } from "./testing/fake-embedding-server.ts";
import { fakeServer } from "./testing/fake-server.ts";

test.each(["", "/", "/v1", "/v1/"])(
  "a llama-server is found by its address with %j behind it",
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

test("what an embedding model wants is read from the environment, and a prefix is part of its space", async () => {
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

test("the language of the documents is read from the environment, one that is not known is refused", () => {
  expect(readEnvironment({ BINNACLE_LANGUAGE: "german" }).language).toBe("german");
  expect(readEnvironment({ BINNACLE_LANGUAGE: "" }).language).toBeUndefined();
  expect(() => readEnvironment({ BINNACLE_LANGUAGE: "German" })).toThrow(
    /^BINNACLE_LANGUAGE is "German"; it may be one of .*english, .*german/,
  );
});

test("a port that fetch never connects to is refused by the variable's name, before anyone says that nothing answers", () => {
  const read = (): unknown => readEnvironment({ BINNACLE_LLM_URL: "http://127.0.0.1:10080" });
  expect(read).toThrow(
    /^BINNACLE_LLM_\*: url: fetch never connects to port 10080 .* Let the server listen on another port$/,
  );
});

test("credentials in an address are refused by the variable's name, and not shown", () => {
  const read = (): unknown => readEnvironment({ BINNACLE_LLM_URL: "http://user:s3cret@127.0.0.1:8080" });
  expect(read).toThrow(/^BINNACLE_LLM_\*: url: must not hold a user name or password/);
  expect(read).not.toThrow(/s3cret|user:/);
});
