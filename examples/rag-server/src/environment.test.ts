import { expect, test } from "vitest";
import { readEnvironment } from "./environment.ts";

test("reads which Qdrant server holds the index", () => {
  const environment = readEnvironment({ QDRANT_URL: "http://localhost:6333", QDRANT_API_KEY: "key" });
  expect(environment.qdrant).toEqual({ url: "http://localhost:6333", apiKey: "key" });
  expect(environment.unused).toEqual([]);
  expect(readEnvironment({ QDRANT_URL: "" }).qdrant).toBeUndefined();
});

test("refuses a key without a server, and an address that holds a password", () => {
  expect(() => readEnvironment({ QDRANT_API_KEY: "key" })).toThrow(/QDRANT_URL is not set/);
  expect(() => readEnvironment({ QDRANT_URL: "http://user:secret@localhost" })).toThrow(/QDRANT_\*: url/);
});
