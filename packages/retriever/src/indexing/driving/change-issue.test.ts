import type { DocumentSource } from "@binnacle/core";
import { FakeEmbedder } from "@binnacle/core/testing";
import { expect, test } from "vitest";
import { MemoryStore } from "../../stores/memory/index.ts";
import { createIndexer } from "../create-indexer.ts";
import { defineIndex } from "../options/define-index.ts";
import { paragraphChunker } from "../fixtures/paragraph-chunker.ts";
import { verifyIndex } from "../verify-index.ts";

const load = (): Promise<undefined> => Promise.resolve(undefined);
const upsert = { type: "upsert", documentId: "a", scope: "s", version: "1", load };

/** A source as plain JavaScript writes it. */
function sourceOf(changes: unknown): DocumentSource {
  const source: ReturnType<typeof JSON.parse> = { id: "odd", changes: () => changes };
  return source;
}
async function* yielding(...changes: readonly unknown[]): AsyncGenerator<unknown> {
  yield* changes;
}
function setUp() {
  const store = new MemoryStore();
  const index = defineIndex({ name: "odd", chunker: paragraphChunker, embedder: new FakeEmbedder() });
  return { store, index, indexer: createIndexer({ store, index }) };
}

test.each<[what: string, changes: () => unknown, message: RegExp]>([
  ["an array", () => [upsert], /async iterable, got an array of 1/],
  ["a promise", () => Promise.resolve(yielding()), /await it first/],
  ["nothing", () => undefined, /got undefined/],
  ["an undefined change", () => yielding(undefined), /expected a change, got undefined/],
  ["a document", () => yielding({ id: "a", text: "x" }), /with a type, got an object with id, text/],
  ["a numeric id", () => yielding({ ...upsert, documentId: 7 }), /upsert\.documentId: .* 7; use String\(\)/],
  [
    "no scope",
    () => yielding({ ...upsert, scope: undefined }),
    /upsert\.scope: expected a string, got undefined/,
  ],
  ["a numeric version", () => yielding({ ...upsert, version: 3 }), /upsert\.version/],
  [
    "a document instead of load",
    () => yielding({ ...upsert, load: { id: "a" } }),
    /upsert\.load: expected a function/,
  ],
  ["a listing without a state", () => yielding({ type: "listing", scope: "s" }), /listing\.state/],
  ["a checkpoint without its text", () => yielding({ type: "checkpoint", scope: "s" }), /checkpoint\.resume/],
  ["a date as time", () => yielding({ type: "current", scope: "s", asOf: new Date(0) }), /asOf: .*a Date/],
  [
    "one scope",
    () => yielding({ type: "scopes", scopes: "s" }),
    /scopes: expected an array of strings, got the string "s"/,
  ],
  [
    "a numeric scope",
    () => yielding({ type: "scopes", scopes: ["s", 7] }),
    /scopes: .* strings, got the number 7 in it/,
  ],
  [
    "a misspelt state",
    () => yielding({ type: "listing", scope: "s", state: "completed" }),
    /listing\.state: expected "started", "complete" or "aborted", got the string "completed"/,
  ],
  ["NaN as time", () => yielding({ type: "current", scope: "s", asOf: Number.NaN }), /asOf: .*finite.*NaN/],
  ["no error", () => yielding({ type: "degraded", scope: "s" }), /degraded\.error: expected an error/],
])("refuses a source that returns or yields %s", async (_, changes, message) => {
  const { indexer, store, index } = setUp();
  const refusal = { code: "invalid_response", message: expect.stringMatching(message) };
  await expect(indexer.sync(sourceOf(changes()))).rejects.toMatchObject(refusal);
  await indexer.upsert([]);
  await expect(verifyIndex({ store, index, source: sourceOf(changes()) })).rejects.toMatchObject(refusal);
});

test("passes a type that it does not know", async () => {
  const source = sourceOf(yielding({ type: "weather" }));
  expect(await setUp().indexer.sync(source)).toMatchObject({ documents: { failed: 0 } });
});

test("reports a document that load() does not return as one, and goes on", async () => {
  const documents: readonly unknown[] = [null, "text", 7, []];
  const changes = documents.map((given, i) => ({
    ...upsert,
    documentId: `d${i}`,
    load: () => Promise.resolve(given),
  }));
  const report = await setUp().indexer.sync(sourceOf(yielding(...changes)));
  expect(report.failures.map(({ code, message }) => `${code}: ${message}`)).toEqual(
    ["null", 'the string "text"', "the number 7", "an empty array"].map((got) =>
      expect.stringContaining(`invalid_document: expected a document, got ${got}`),
    ),
  );
});
