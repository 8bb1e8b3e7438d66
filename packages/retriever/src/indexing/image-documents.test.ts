import { BinnacleError, type Document, type EmbedInput, type Embedder } from "@binnacle/core";
import { FakeEmbedder } from "@binnacle/core/testing";
import { expect, test } from "vitest";
import { MemoryCache } from "../caches/memory/index.ts";
import { createCachedEmbedder } from "../embedders/cached/index.ts";
import { createRetriever } from "../retrieval/create-retriever.ts";
import { createBm25Encoder } from "../sparse/create-bm25-encoder.ts";
import { fromDocuments } from "../sources/documents/index.ts";
import { MemoryStore } from "../stores/memory/index.ts";
import { createIndexer, type Indexer } from "./create-indexer.ts";
import { paragraphChunker } from "./fixtures/paragraph-chunker.ts";
import { defineIndex, type Index } from "./options/define-index.ts";
import { verifyIndex } from "./verify-index.ts";

interface ImageSetting {
  readonly embedder: FakeEmbedder;
  readonly store: MemoryStore;
  readonly index: Index;
  readonly indexer: Indexer;
}

function imageSetUp(accepts: readonly ("text" | "image" | "text+image")[]): ImageSetting {
  const embedder = new FakeEmbedder({ accepts, dimensions: 512 });
  const store = new MemoryStore();
  const index = defineIndex({
    name: "album",
    chunker: paragraphChunker,
    embedder,
    sparse: createBm25Encoder(),
  });
  return { embedder, store, index, indexer: createIndexer({ store, index }) };
}

const bytes = (words: string): Uint8Array => new TextEncoder().encode(words);

function picture(id: string, words: string, text = id): Document {
  const media = [{ mediaType: "image/png", data: bytes(words) }];
  return { id, text, mediaType: "image/png", title: id, media, metadata: {} };
}

const source = (...documents: readonly Document[]): ReturnType<typeof fromDocuments> =>
  fromDocuments(documents, { id: "album", complete: true });

test("finds an image by what it shows and by its name, and shows the name (T16, T21)", async () => {
  const { store, index, indexer, embedder } = imageSetUp(["text", "image", "text+image"]);
  const report = await indexer.sync(
    source(picture("IMG 1", "lighthouse at dusk"), picture("IMG 2", "two cats")),
  );
  expect(report).toMatchObject({ embeddings: 2, pointsWritten: 2, failures: [], degraded: [] });
  expect(embedder.images).toHaveLength(2);
  const asked = {
    content: [{ type: "image" as const, image: { mediaType: "image/png", data: bytes("dusk") } }],
  };
  const place = { documentId: "IMG 1", title: "IMG 1", text: "IMG 1", start: 0, end: 5 };
  for (const query of ["lighthouse", "IMG 1"])
    expect((await createRetriever({ store, index, limit: 1 }).retrieve(query)).passages).toMatchObject([
      place,
    ]);
  const dense = createRetriever({ store, index, limit: 1, mode: "dense" });
  expect((await dense.retrieve(asked)).passages).toMatchObject([place]);
});

test("embeds an image again only when its bytes or its words change, and verifies clean", async () => {
  const { store, index, indexer, embedder } = imageSetUp(["text", "image", "text+image"]);
  const sync = async (...documents: Document[]): Promise<number> => {
    const { embeddings, failures } = await indexer.sync(source(...documents));
    expect(failures).toEqual([]);
    expect(
      await verifyIndex({ store, index, source: source(...documents), manifest: store.manifest }),
    ).toMatchObject({
      ok: true,
      points: documents.length,
    });
    return embeddings;
  };
  expect(await sync(picture("a", "one"))).toBe(1);
  expect(await sync(picture("a", "one"))).toBe(0);
  expect(await sync({ ...picture("a", "one"), title: "A" })).toBe(0);
  expect(await sync({ ...picture("a", "other"), title: "A" })).toBe(1);
  expect(await sync(picture("a", "other", "b"))).toBe(1);
  // Equal content in another place keeps its vectors.
  expect(await sync(picture("c", "other", "b"))).toBe(0);
  expect(embedder.images.map(({ data }) => new TextDecoder().decode(data))).toEqual([
    "one",
    "other",
    "other",
  ]);
});

test("embeds the image alone if the embedder takes no text with it", async () => {
  const { indexer, embedder, store } = imageSetUp(["text", "image"]);
  await indexer.upsert([picture("a", "one")]);
  expect([embedder.embedded, embedder.images.length]).toEqual([[], 1]);
  const [alone] = (await embedder.embed(["one"], { role: "document" })).outcomes;
  for await (const { dense } of store.collection("album").scan({ includeVectors: true }))
    expect(dense).toEqual(alone);
});

test("reports an image once if the embedder takes text only, and names the way out", async () => {
  const { store, index, indexer } = imageSetUp(["text"]);
  const both = source(picture("a", "one"), { id: "b", text: "words", metadata: {} });
  const report = await indexer.sync(both);
  expect(report.failures).toEqual([
    {
      documentId: "a",
      code: "unsupported",
      message: expect.stringMatching(/image\/png.*takes text only.*accepts images/),
    },
  ]);
  expect(report.pointsWritten).toBe(1);
  expect((await indexer.sync(both)).failures).toMatchObject([{ documentId: "a", known: true }]);
  expect(await verifyIndex({ store, index, source: both })).toMatchObject({
    ok: true,
    unreadable: [{ documentId: "a" }],
  });
  // The same space with images is another configuration, so that the image is tried again.
  const embedder = new FakeEmbedder({ accepts: ["text", "image"], dimensions: 512 });
  const after = createIndexer({ store, index: defineIndex({ ...index, embedder }) });
  expect(await after.sync(both)).toMatchObject({ failures: [], embeddings: 1 });
});

test("adds the images of a text as points of its first chunk, and reports those that it leaves out", async () => {
  const page: Document = { ...picture("page", "lighthouse", "first\n\nsecond"), mediaType: "text/plain" };
  const withSound = {
    ...page,
    media: [...(page.media ?? []), { mediaType: "audio/wav", data: bytes("wave") }],
  };
  const { store, index, indexer, embedder } = imageSetUp(["text", "image"]);
  const report = await indexer.upsert([withSound]);
  expect(report.degraded).toMatchObject([
    { code: "media_ignored", message: expect.stringContaining("1 media part") },
  ]);
  const chunks = [];
  for await (const { chunk } of store.collection("album").scan()) chunks.push(chunk);
  chunks.sort((a, b) => a.index - b.index);
  expect(chunks.map(({ text, imageHash }) => [text, imageHash !== undefined])).toEqual([
    ["first", true],
    ["first", false],
    ["second", false],
  ]);
  expect([embedder.images.length, embedder.embedded]).toEqual([1, ["first", "second"]]);
  const { passages } = await createRetriever({ store, index, mode: "dense" }).retrieve("lighthouse first");
  expect(passages.map(({ text }) => text)).toEqual(["first", "second"]);
});

test.each([
  ["an SVG", "words", "image/svg+xml", "<svg/>"],
  ["a TIFF", "words", "image/tiff", "II*"],
  ["an image without bytes", "words", "image/png", ""],
  ["an image whose document has no words", " ", "image/png", "one"],
])("indexes a text and leaves out %s", async (_, text, mediaType, data) => {
  const { indexer, embedder } = imageSetUp(["text", "image"]);
  const report = await indexer.upsert([
    { id: "page", text, metadata: {}, media: [{ mediaType, data: bytes(data) }] },
  ]);
  expect(report).toMatchObject({ failures: [], degraded: [{ code: "media_ignored" }] });
  expect(report.pointsWritten).toBe(text.trim() === "" ? 0 : 1);
  expect(embedder.images).toEqual([]);
});

test.each([
  ["an image without bytes", picture("a", ""), "no bytes"],
  ["an image without words", picture("a", "one", " "), "a caption"],
  ["an image document without an image", { ...picture("a", "one"), media: [] }, "has no image"],
  [
    "an image of a format that no parser knows",
    {
      ...picture("a", "one"),
      mediaType: "image/heic",
      media: [{ mediaType: "image/heic", data: bytes("one") }],
    },
    "no image of type image/png",
  ],
])("refuses %s before it is embedded", async (_, document, reason) => {
  const { indexer, embedder } = imageSetUp(["text", "image"]);
  const { failures } = await indexer.upsert([document]);
  expect(failures).toMatchObject([{ code: "invalid_document", message: expect.stringContaining(reason) }]);
  expect(embedder.calls).toBe(0);
});

test("fails only the image that the embedder refuses", async () => {
  const { store, index } = imageSetUp(["text", "image"]);
  const embedder = new FakeEmbedder({ accepts: ["text", "image"], dimensions: 512, maxCharacters: 20 });
  const indexer = createIndexer({ store, index: defineIndex({ ...index, embedder }) });
  const { failures, pointsWritten } = await indexer.upsert([
    picture("a", "one"),
    { id: "b", text: "a text that is longer than the limit", metadata: {} },
  ]);
  expect([failures.map(({ documentId }) => documentId), pointsWritten]).toEqual([["b"], 1]);
});

/** An embedder that refuses an image of more than 20 bytes, but no text. */
function refusingLargeImages(embedder: FakeEmbedder): Embedder {
  return {
    describe: (options) => embedder.describe(options),
    close: () => embedder.close(),
    [Symbol.asyncDispose]: () => embedder.close(),
    async embed(inputs, options) {
      const { outcomes, ...rest } = await embedder.embed(inputs, options);
      const isLarge = (input: EmbedInput | undefined): boolean =>
        typeof input === "object" &&
        input.content.some((part) => part.type === "image" && part.image.data.byteLength > 20);
      const refusal = new BinnacleError("input_too_long", "more than 20 bytes");
      return { ...rest, outcomes: outcomes.map((outcome, i) => (isLarge(inputs[i]) ? refusal : outcome)) };
    },
  };
}

test("indexes the text beside an image that cannot be embedded, and reports the image once (T16)", async () => {
  const { store, index, embedder } = imageSetUp(["text", "image"]);
  const strict = defineIndex({ ...index, embedder: refusingLargeImages(embedder) });
  const sync = (...shown: Parameters<typeof page>): ReturnType<Indexer["sync"]> =>
    createIndexer({ store, index: strict }).sync(page(...shown));
  const page = (text: string, image: string): ReturnType<typeof source> =>
    source({ ...picture("page", image, text), mediaType: "text/plain" });
  const texts = async (): Promise<readonly string[]> => {
    const found = [];
    for await (const { chunk } of store.collection("album").scan())
      found.push(`${chunk.text} ${chunk.imageHash === undefined}`);
    return found.sort();
  };
  expect((await sync("old", "small")).failures).toEqual([]);
  expect(await texts()).toEqual(["old false", "old true"]);
  const large = "an image that is larger than the limit";
  const report = await sync("new", large);
  expect(report.failures).toMatchObject([
    { documentId: "page", message: expect.stringContaining("an image") },
  ]);
  expect(await texts()).toEqual(["new true"]);
  const { calls } = embedder;
  expect((await sync("new", large)).failures).toMatchObject([{ documentId: "page", known: true }]);
  expect(embedder.calls).toBe(calls);
  expect((await sync("newer", "small")).failures).toEqual([]);
  expect(await texts()).toEqual(["newer false", "newer true"]);
});

test("takes an image's vector from the cache by its bytes", async () => {
  const { store, index, embedder } = imageSetUp(["text", "image"]);
  const cached = createCachedEmbedder(embedder, { cache: new MemoryCache() });
  const indexer = createIndexer({ store, index: defineIndex({ ...index, embedder: cached }) });
  await indexer.upsert([picture("a", "one"), picture("b", "one"), picture("c", "two")]);
  expect(embedder.images).toHaveLength(2);
});
