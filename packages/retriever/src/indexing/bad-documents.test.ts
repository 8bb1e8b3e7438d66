import type { Document } from "@binnacle/core";
import { FakeEmbedder } from "@binnacle/core/testing";
import { expect, test } from "vitest";
import { SqliteStore } from "../stores/sqlite/index.ts";
import { createIndexer } from "./create-indexer.ts";
import { defineIndex } from "./options/define-index.ts";
import { listed, LiveSource, liveSetUp, upsert } from "./fixtures/live-source.ts";
import { paragraphChunker } from "./fixtures/paragraph-chunker.ts";

const document = (id: string, text: string): Document => ({
  id,
  text,
  mediaType: "text/plain",
  metadata: {},
});
// As untyped code hands it over.
const bent = (given: object): Document => Object.assign(document("bad", "text"), given);
const cycle: Record<string, unknown> = {};
cycle["self"] = cycle;

const fields = { year: "integer" } as const;

const bad: [what: string, code: string, document: Document][] = [
  ["an empty id", "invalid_document", document("", "text")],
  ["half a surrogate pair in its id", "invalid_document", document("bad\ud800", "text")],
  ["no text", "invalid_document", bent({ text: undefined })],
  ["a text that is no string", "invalid_document", bent({ text: 7 })],
  ["half a surrogate pair", "invalid_document", bent({ text: "a\ud800b" })],
  ["no metadata", "invalid_metadata", bent({ metadata: undefined })],
  ["a date in its metadata", "invalid_metadata", bent({ metadata: { at: new Date(0) } })],
  ["a nested undefined", "invalid_metadata", bent({ metadata: { a: { b: undefined } } })],
  ["metadata that are not of their field's type", "invalid_metadata", bent({ metadata: { year: "MMXXVI" } })],
  ["a hole in its outline", "invalid_document", bent({ outline: [null] })],
  ["metadata that hold themselves", "invalid_metadata", bent({ metadata: cycle })],
];

for (const [what, code, given] of bad) {
  const outcome = {
    documents: { added: 1, failed: 1 },
    failures: [{ documentId: given.id, code, message: expect.any(String) }],
  };

  test(`reports a document with ${what} and indexes the others: pushed, listed and planned`, async () => {
    const load = (): Promise<Document> => Promise.resolve(given);
    const list = (): LiveSource =>
      LiveSource.of(...listed([upsert(given.id, "1", { load }), upsert("good", "good")]));
    const pushed = liveSetUp({ fields });
    expect(await pushed.indexer.upsert([given, document("good", "good")])).toMatchObject(outcome);
    const { indexer, texts, embedder } = liveSetUp({ fields });
    expect(await indexer.plan(list())).toMatchObject(outcome);
    expect(await indexer.sync(list())).toMatchObject(outcome);
    expect(await indexer.sync(list())).toMatchObject({
      documents: { unchanged: 1, failed: 1 },
      embeddings: 0,
      failures: [given.id === "" ? { code } : { code, known: true }],
    });
    expect([await pushed.texts(), await texts(), embedder.embedded]).toEqual([["good"], ["good"], ["good"]]);
  });
}

test("reports a document with an empty id and indexes the others in SQLite too", async () => {
  const store = new SqliteStore({ path: ":memory:" });
  const index = defineIndex({ name: "live", chunker: paragraphChunker, embedder: new FakeEmbedder() });
  const report = await createIndexer({ store, index }).upsert([
    document("", "text"),
    document("good", "good"),
  ]);
  expect(report).toMatchObject({ documents: { added: 1, failed: 1 } });
  await store.close();
});
