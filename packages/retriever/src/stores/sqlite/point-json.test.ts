import { expect, test } from "vitest";
import { sampleUpsert } from "./fixtures/sample-points.ts";
import { readChunk, readMetadata } from "./point-json.ts";

const { chunk } = sampleUpsert(1);

test("reads a chunk as it was written, and ignores fields that this release does not know", () => {
  expect(readChunk(JSON.stringify(chunk))).toEqual(chunk);
  expect(readChunk(JSON.stringify({ ...chunk, added: 1 }))).toMatchObject(chunk);
});

test("reads metadata, including a key __proto__", () => {
  const metadata = readMetadata('{"__proto__": {"a": 1}, "list": [null]}');
  expect(Object.keys(metadata)).toEqual(["__proto__", "list"]);
});

test.each([
  ["no JSON", "{"],
  ["a list", "[]"],
  ["a chunk without its text", JSON.stringify({ ...chunk, text: undefined })],
  ["a chunk with a number for a name", JSON.stringify({ ...chunk, sourceId: 5 })],
])("reports a corrupt file if a row holds %s", (_, json) => {
  expect(() => readChunk(json)).toThrow(expect.objectContaining({ code: "file_corrupt" }));
});

test.each(["{", "[]", "null", '"text"'])("reports a corrupt file if the metadata is %s", (json) => {
  expect(() => readMetadata(json)).toThrow(expect.objectContaining({ code: "file_corrupt" }));
});
