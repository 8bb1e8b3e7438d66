import { expect, test } from "vitest";
import { rolePrefixes, type EmbeddingFamily } from "./role-prefixes.ts";
import { vectorSpace } from "./vector-space.ts";

const raw = (value: unknown): ReturnType<typeof JSON.parse> => value;

test("returns the texts of each family, which become part of the space's name", () => {
  const space = (family: EmbeddingFamily): string =>
    vectorSpace({ model: "m", pooling: "model", dimensions: 4, ...rolePrefixes(family) }).id;
  expect(space("nomic")).toBe('m;pooling=model;query="search_query: ";document="search_document: ";l2;4');
  expect(space("e5")).toContain('query="query: ";document="passage: "');
  expect(space("embedding-gemma")).toContain(
    'query="task: search result | query: ";document="title: none | text: "',
  );
  expect(space("bge")).not.toContain("document=");
  expect(
    new Set((["nomic", "e5", "bge", "bge-zh", "qwen3", "embedding-gemma"] as const).map(space)).size,
  ).toBe(6);
});

test("puts a task into Qwen3's instruction and refuses one for other families", () => {
  expect(rolePrefixes("qwen3").queryPrefix).toMatch(/^Instruct: Given a web search query.*\nQuery:$/);
  const task = "Given a question about tides, retrieve harbour notes";
  expect(rolePrefixes("qwen3", { task })).toEqual({
    queryPrefix: `Instruct: ${task}\nQuery:`,
    documentPrefix: "",
  });
  expect(() => rolePrefixes("e5", { task })).toThrow(/task.*only read by "qwen3"/);
  expect(() => rolePrefixes(raw("gte"))).toThrow(/family.*nomic/);
});
