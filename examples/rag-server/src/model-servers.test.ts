import { expect, test } from "vitest";
import { readEnvironment } from "./environment.ts";
import { connectBackend, connectEmbedder } from "./model-servers.ts";
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
