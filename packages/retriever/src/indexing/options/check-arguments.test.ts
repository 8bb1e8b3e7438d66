import { BinnacleError, type Document } from "@binnacle/core";
import { FakeEmbedder } from "@binnacle/core/testing";
import { describe, expect, test } from "vitest";
import { fromDocuments } from "../../sources/documents/index.ts";
import { MemoryStore } from "../../stores/memory/index.ts";
import { createIndexer } from "../create-indexer.ts";
import { defineIndex } from "./define-index.ts";
import { paragraphChunker } from "../fixtures/paragraph-chunker.ts";
import { SyncError } from "../report/sync-error.ts";
import { verifyIndex } from "../verify-index.ts";

const document: Document = { id: "a", text: "text", metadata: {} };
// As plain JavaScript, or a database row, hands it over.
const raw = (value: unknown): ReturnType<typeof JSON.parse> => value;
const bent = (given: object): Document => Object.assign({ ...document }, given);

function setUp() {
  const embedder = new FakeEmbedder();
  const store = new MemoryStore();
  const index = defineIndex({ name: "args", chunker: paragraphChunker, embedder });
  return { embedder, store, index, indexer: createIndexer({ store, index }) };
}
type SetUp = ReturnType<typeof setUp>;

describe("arguments of an indexer", () => {
  const source = fromDocuments([document], { id: "s", complete: true });
  test.each<[call: string, run: (made: SetUp) => Promise<unknown>, message: RegExp]>([
    ["upsert(document)", ({ indexer }) => indexer.upsert(raw(document)), /upsert\(\[document\]\)/],
    ["upsert(undefined)", ({ indexer }) => indexer.upsert(raw(undefined)), /documents: .* got undefined/],
    ["upsert(promise)", ({ indexer }) => indexer.upsert(raw(Promise.resolve([]))), /await it first/],
    ["upsert(text)", ({ indexer }) => indexer.upsert(raw("text")), /got the string "text"/],
    ["upsert(a generator)", ({ indexer }) => indexer.upsert(raw(new Set().values())), /Array\.fromAsync/],
    ["upsert([null])", ({ indexer }) => indexer.upsert([raw(null)]), /documents\.0: .* got null/],
    [
      "upsert(a list of promises)",
      ({ indexer }) => indexer.upsert([raw(Promise.resolve())]),
      /await it first/,
    ],
    ["upsert(a hole)", ({ indexer }) => indexer.upsert(new Array(1)), /documents\.0: .* undefined/],
    [
      "upsert(a numeric id)",
      ({ indexer }) => indexer.upsert([bent({ id: 7 })]),
      /documents\.0\.id: .* 7; use String\(id\)/,
    ],
    [
      "upsert(a BigInt id)",
      ({ indexer }) => indexer.upsert([bent({ id: 7n })]),
      /the BigInt 7; use String\(id\)/,
    ],
    ["upsert(no id)", ({ indexer }) => indexer.upsert([bent({ id: undefined })]), /got undefined/],
    [
      "upsert(nine bad ids)",
      ({ indexer }) => indexer.upsert(Array.from({ length: 9 }, () => bent({ id: 1 }))),
      /and 4 more/,
    ],
    [
      "upsert with an unknown option",
      ({ indexer }) => indexer.upsert([], raw({ source: "a" })),
      /`source` is not an option; the options are .*sourceId/,
    ],
    [
      "upsert with null as options",
      ({ indexer }) => indexer.upsert([], raw(null)),
      /expected object, received null/,
    ],
    ["remove(id)", ({ indexer }) => indexer.remove(raw("id")), /remove\(\[id\]\)/],
    ["remove([7])", ({ indexer }) => indexer.remove([raw(7)]), /documentIds\.0: .* use String\(id\)/],
    ["remove([document])", ({ indexer }) => indexer.remove([raw(document)]), /got an object with id, text/],
    ["removeSource()", ({ indexer }) => indexer.removeSource(raw(undefined)), /sourceId/],
    [
      "removeSource(source)",
      ({ indexer }) => indexer.removeSource(raw(source)),
      /sourceId: expected a string/,
    ],
    [
      "removeSource with the options of another call",
      ({ indexer }) => indexer.removeSource("s", raw({ sourceId: "other" })),
      /`sourceId` is not an option/,
    ],
    [
      "removeSource with text as options",
      ({ indexer }) => indexer.removeSource("s", raw("")),
      /expected object, received string/,
    ],
    [
      "sync(undefined)",
      ({ indexer }) => indexer.sync(raw(undefined)),
      /source: expected a DocumentSource, got undefined/,
    ],
    ["sync([document])", ({ indexer }) => indexer.sync(raw([document])), /fromDocuments\(documents/],
    ["sync(promise)", ({ indexer }) => indexer.sync(raw(Promise.resolve(source))), /await it first/],
    ["sync(a path)", ({ indexer }) => indexer.sync(raw("./handbook")), /got the string "\.\/handbook"/],
    [
      "sync(a source without an id)",
      ({ indexer }) => indexer.sync(raw({ changes: source.changes })),
      /source\.id/,
    ],
    [
      "sync with an unknown option",
      ({ indexer }) => indexer.sync(source, raw({ force: true })),
      /`force` is not an option/,
    ],
    ["plan(undefined)", ({ indexer }) => indexer.plan(raw(undefined)), /plan: source/],
    [
      "verifyIndex without a source",
      ({ store, index }) => verifyIndex(raw({ store, index })),
      /source: expected/,
    ],
    [
      "verifyIndex of a name",
      ({ store }) => verifyIndex(raw({ store, index: "args", source })),
      /index: .* defineIndex/,
    ],
  ])("refuses %s before anything is embedded", async (_, run, message) => {
    const made = setUp();
    await expect(run(made)).rejects.toMatchObject({
      name: "ConfigurationError",
      message: expect.stringMatching(message),
    });
    expect(made.embedder.calls).toBe(0);
  });
});

describe("documents from database rows", () => {
  test.each<[what: string, given: object, message: RegExp]>([
    [
      "no text",
      { text: undefined, content: "x" },
      /text: .* undefined; the document is an object with id, text/,
    ],
    ["null as title", { title: null }, /title: .* null; leave it out/],
    ["a URL as uri", { uri: new URL("http://a") }, /uri: .* a URL/],
    ["a number as media type", { mediaType: 1 }, /mediaType: .* the number 1/],
    [
      "a date in its metadata",
      { metadata: { at: new Date(0) } },
      /metadata\.at: .*toISOString\(\).*datetime/,
    ],
    ["an invalid date", { metadata: { at: new Date(Number.NaN) } }, /metadata\.at/],
    ["a BigInt", { metadata: { a: { b: [1n] } } }, /metadata\.a\.b\.0: .*BigInt 1.*String\(\)/],
    ["NaN", { metadata: { n: Number.NaN } }, /metadata\.n: .*NaN/],
    ["a function", { metadata: { f: () => 1 } }, /metadata\.f: .*a function/],
    ["a class instance", { metadata: { row: new (class Row {})() } }, /metadata\.row: .*a Row/],
    ["a Map", { metadata: { m: new Map() } }, /metadata\.m: .*a Map.*Object\.fromEntries/],
    ["a Set", { metadata: { m: new Set() } }, /metadata\.m: .*a Set.*Array\.from/],
    ["a typed array", { metadata: { m: new Uint8Array(1) } }, /metadata\.m: .*a Uint8Array/],
    ["a symbol", { metadata: { s: Symbol("x") } }, /metadata\.s: .*a symbol/],
    ["half of a surrogate pair", { metadata: { s: "a\ud800" } }, /metadata\.s: .*toWellFormed\(\)/],
    ["an array as metadata", { metadata: [] }, /metadata.*an empty array/],
    ["a promise as metadata", { metadata: Promise.resolve({}) }, /metadata.*await it first/],
    ["null as metadata", { metadata: null }, /metadata.*null/],
    ["an outline that is no list", { outline: {} }, /outline: expected an array/],
    [
      "media without bytes",
      { media: [{ mediaType: "image/png", data: "x" }] },
      /media\.0: data must be a Uint8Array/,
    ],
  ])("reports a document with %s by what is wrong, pushed or listed", async (_, given, message) => {
    const { indexer } = setUp();
    const failures = [
      { documentId: "a", code: expect.stringMatching(/^invalid_/), message: expect.stringMatching(message) },
    ];
    expect(await indexer.upsert([bent(given)])).toMatchObject({ failures });
    const source = fromDocuments([bent(given)], { id: "s", complete: true });
    expect(await indexer.sync(source)).toMatchObject({ failures });
  });

  test("reports metadata that hold themselves", async () => {
    const metadata: Record<string, unknown> = {};
    metadata["self"] = { again: [metadata] };
    const report = await setUp().indexer.upsert([bent({ metadata })]);
    expect(report.failures[0]?.message).toMatch(/nested deeper than 32 levels/);
  });

  test("takes a document without a media type for plain text, and as unchanged with that type", async () => {
    const { indexer, store, index } = setUp();
    await indexer.upsert([document]);
    const types: string[] = [];
    for await (const { chunk } of store.collection(index.name).scan({})) types.push(chunk.mediaType);
    expect(types).toEqual(["text/plain"]);
    const again = await indexer.upsert([{ ...document, mediaType: "text/plain" }]);
    expect(again).toMatchObject({ documents: { unchanged: 1 }, pointsWritten: 0 });
  });

  test.each<[what: string, version: unknown, message: RegExp]>([
    ["a number", 7, /Use String\(\)/],
    ["a date", new Date(0), /Use toISOString\(\)/],
  ])("reports a version that is %s", async (_, version, message) => {
    const source = fromDocuments([bent({ version })], { id: "s", complete: true });
    const { failures } = await setUp().indexer.sync(source);
    expect(failures[0]?.message).toMatch(message);
  });
});

describe("throwIfFailed", () => {
  test("returns the report if nothing failed", async () => {
    const report = await setUp().indexer.upsert([document]);
    expect(report.throwIfFailed()).toBe(report);
  });

  test("throws with the report, the counts and the first messages if documents failed", async () => {
    const bad = ["b", "c", "d", "e"].map((id) => bent({ id, text: null }));
    const report = await setUp().indexer.upsert([document, ...bad]);
    const thrown = (() => {
      try {
        return report.throwIfFailed();
      } catch (error) {
        return error;
      }
    })();
    expect(SyncError.isInstance(thrown) && thrown.report).toBe(report);
    expect(thrown).toMatchObject({
      code: "documents_failed",
      message: expect.stringMatching(/^4 of 5 documents .* "b": text: .*; and 1 more$/),
    });
  });

  test("throws if a listing did not complete", async () => {
    const source = fromDocuments(
      function* () {
        yield document;
        throw new BinnacleError("offline", "the database is away");
      },
      { id: "s", complete: true },
    );
    const report = await setUp().indexer.sync(source);
    expect(() => report.throwIfFailed()).toThrow(
      expect.objectContaining({
        code: "listing_incomplete",
        message: expect.stringMatching(/database is away/),
      }),
    );
  });

  test("is no part of the data of a report", async () => {
    const report = await setUp().indexer.upsert([document]);
    expect(Object.keys(report)).not.toContain("throwIfFailed");
    expect(structuredClone(report)).toEqual(JSON.parse(JSON.stringify(report)));
  });
});

describe("parts of an index that an app wrote", () => {
  const good = Float32Array.of(1, 2);
  const answering = (answer: (count: number) => unknown) =>
    Object.assign(new FakeEmbedder({ spaceId: "own", dimensions: 2 }), {
      embed: (inputs: readonly unknown[]) => Promise.resolve(answer(inputs.length)),
    });

  test.each<[what: string, answer: (count: number) => unknown]>([
    ["fewer outcomes", (count) => ({ spaceId: "own", outcomes: new Array(count - 1).fill(good) })],
    ["more outcomes", (count) => ({ spaceId: "own", outcomes: new Array(count + 1).fill(good) })],
    [
      "wrong dimensions",
      (count) => ({ spaceId: "own", outcomes: new Array(count).fill(Float32Array.of(1)) }),
    ],
    ["arrays of numbers", (count) => ({ spaceId: "own", outcomes: new Array(count).fill([1, 2]) })],
    ["undefined outcomes", (count) => ({ spaceId: "own", outcomes: new Array(count) })],
    ["another space", (count) => ({ spaceId: "other", outcomes: new Array(count).fill(good) })],
    ["nothing at all", () => undefined],
  ])("writes nothing if the embedder answers with %s", async (_, answer) => {
    const store = new MemoryStore();
    const index = defineIndex({ name: "own", chunker: paragraphChunker, embedder: answering(answer) });
    const documents = ["a", "b", "c"].map((id) => ({ ...document, id, text: `text ${id}` }));
    await expect(createIndexer({ store, index }).upsert(documents)).rejects.toMatchObject({
      code: expect.stringMatching(/^(invalid_response|wrong_space)$/),
    });
    expect(await store.collection("own").count()).toBe(0);
  });

  test("reports a document whose chunks are not ranges of its text, and indexes the others", async () => {
    const store = new MemoryStore();
    const chunker = {
      id: "odd",
      chunk: (given: Document) =>
        [...paragraphChunker.chunk(given)].map((chunk) =>
          given.id === "a" ? { ...chunk, text: chunk.text.toUpperCase() } : chunk,
        ),
    };
    const index = defineIndex({ name: "own", chunker, embedder: new FakeEmbedder() });
    const report = await createIndexer({ store, index }).upsert([document, { ...document, id: "b" }]);
    expect(report).toMatchObject({
      documents: { added: 1, failed: 1 },
      failures: [{ documentId: "a", code: "invalid_response" }],
    });
  });
});
