import { expect, test } from "vitest";
import { readEnvironment } from "./environment.ts";

test("reads which Qdrant server holds the index", () => {
  const environment = readEnvironment({ QDRANT_URL: "http://localhost:6333", QDRANT_API_KEY: "key" });
  expect(environment.qdrant).toEqual({ url: "http://localhost:6333", apiKey: "key" });
  expect(readEnvironment({ QDRANT_URL: "" }).qdrant).toBeUndefined();
});

test("refuses a key without a server, and an address that holds a password", () => {
  expect(() => readEnvironment({ QDRANT_API_KEY: "key" })).toThrow(/QDRANT_URL is not set/);
  expect(() => readEnvironment({ QDRANT_URL: "http://user:secret@localhost" })).toThrow(/QDRANT_\*: url/);
});

test("caches answers only if the environment asks for it", () => {
  expect(readEnvironment({}).cachesAnswers).toBe(false);
  expect(readEnvironment({ BINNACLE_CACHE_ANSWERS: "no" }).cachesAnswers).toBe(false);
  expect(readEnvironment({ BINNACLE_CACHE_ANSWERS: "yes" }).cachesAnswers).toBe(true);
  expect(() => readEnvironment({ BINNACLE_CACHE_ANSWERS: "1" })).toThrow(/is "1"; it may be yes or no/);
});

test("reads which Redis server caches vectors, and never shows its password", () => {
  const url = "rediss://user:secret@localhost:6380/0";
  expect(readEnvironment({ REDIS_URL: url }).redis).toEqual({ urls: [url] });
  expect(readEnvironment({ REDIS_URL: `${url},${url}` }).redis).toEqual({ urls: [url, url] });
  expect(readEnvironment({ QUEUE_REDIS_URL: url }).queue).toEqual({ url });
  expect(readEnvironment({ REDIS_URL: "" }).redis).toBeUndefined();
  expect(() => readEnvironment({ REDIS_URL: "localhost:6379" })).toThrow(
    /^REDIS_\*: url: must be an address such as redis:\/\/localhost:6379$/,
  );
  const wrong = () => readEnvironment({ REDIS_URL: "http://user:secret@localhost" });
  expect(wrong).toThrow(/REDIS_\*: url/);
  expect(wrong).not.toThrow(/secret/);
});
