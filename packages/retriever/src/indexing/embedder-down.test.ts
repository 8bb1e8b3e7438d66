import { BinnacleError, type EmbedderInfo, type Metadata, type SourceChange } from "@binnacle/core";
import { sleep } from "@binnacle/core/kit";
import { FakeEmbedder } from "@binnacle/core/testing";
import { expect, test } from "vitest";
import { createIndexer } from "./create-indexer.ts";
import { paragraphChunker } from "./fixtures/paragraph-chunker.ts";
import { defineIndex } from "./options/define-index.ts";
import {
  checkpoint,
  listed,
  LiveSource,
  liveSetUp,
  removed,
  upsert,
  type LiveSetting,
} from "./fixtures/live-source.ts";

const down = new BinnacleError("unreachable", "the model server is down", { retryable: true });

/** A followed source whose embedder can be switched off. */
interface DownSetting extends LiveSetting {
  readonly switchOff: () => void;
  readonly switchOn: () => void;
}

function downSetUp(): DownSetting {
  let isDown = false;
  const setting = liveSetUp({
    onEmbed: () => {
      if (isDown) throw down;
    },
  });
  return { ...setting, switchOff: () => (isDown = true), switchOn: () => (isDown = false) };
}

const withMetadata = (documentId: string, text: string, version: string, metadata: Metadata): SourceChange =>
  upsert(documentId, text, { version, load: async () => ({ id: documentId, text, metadata }) });

test("applies a removal within 200 ms while the embedder is down", async () => {
  const { indexer, texts, switchOff, switchOn } = downSetUp();
  const source = new LiveSource();
  const handle = indexer.follow(source);
  source.say(...listed([upsert("a", "one"), upsert("b", "two")]));
  await expect.poll(texts).toEqual(["one", "two"]);
  switchOff();
  source.say(upsert("c", "new"));
  await expect.poll(() => handle.status().error).toMatchObject({ code: "unreachable" });
  const saidAt = performance.now();
  source.say(removed("a"));
  await expect.poll(texts, { interval: 5 }).toEqual(["two"]);
  expect(performance.now() - saidAt).toBeLessThan(200);
  switchOn();
  await expect.poll(texts, { timeout: 5000 }).toEqual(["new", "two"]);
  expect(handle.status()).toMatchObject({ error: undefined, waiting: 0, lagMs: 0 });
  await handle.close();
});

test("applies new metadata while the embedder is down", async () => {
  const { indexer, points, texts, switchOff } = downSetUp();
  const source = new LiveSource();
  const handle = indexer.follow(source, { flushMs: 1 });
  source.say(...listed([withMetadata("a", "one", "1", { owner: "x" })]));
  await expect.poll(texts).toEqual(["one"]);
  switchOff();
  source.say(upsert("c", "new"), upsert("d", "newer"));
  await expect.poll(() => handle.status().error).toMatchObject({ code: "unreachable" });
  source.say(withMetadata("a", "one", "2", { owner: "y" }));
  const owners = async (): Promise<unknown> => {
    const found = (await points()).filter(({ chunk }) => chunk.documentId === "a");
    return found.map(({ metadata }) => metadata["owner"]);
  };
  await expect.poll(owners).toEqual(["y"]);
  await handle.close();
});

test("applies new metadata that waited for a full lane once the embedder fails", async () => {
  const { promise, reject } = Promise.withResolvers<void>();
  let isSlow = false;
  const { indexer, points, texts } = liveSetUp({ onEmbed: () => (isSlow ? promise : undefined) });
  const source = new LiveSource();
  const handle = indexer.follow(source, { flushMs: 1 });
  source.say(...listed([withMetadata("a", "one", "1", { owner: "x" })]));
  await expect.poll(texts).toEqual(["one"]);
  isSlow = true;
  for (let i = 0; i < 300; i++) source.say(upsert(`d${i}`, `text ${i}`));
  await expect.poll(() => handle.status().waiting).toBe(300);
  source.say(withMetadata("a", "one", "2", { owner: "y" }));
  await expect.poll(() => handle.status().waiting).toBe(301);
  // Longer than the change waits for others: it is found to be new, and there is no room to load it.
  await sleep(20);
  reject(down);
  const owners = async (): Promise<unknown> => (await points()).map(({ metadata }) => metadata["owner"]);
  await expect.poll(owners).toEqual(["y"]);
  await handle.close();
});

test("waits for an embedder that is down when follow begins", async () => {
  class StartingEmbedder extends FakeEmbedder {
    isUp = false;
    override async describe(): Promise<EmbedderInfo> {
      if (!this.isUp) throw down;
      return super.describe();
    }
  }
  const embedder = new StartingEmbedder();
  const codes: (string | undefined)[] = [];
  const { indexer, texts } = liveSetUp({
    index: defineIndex({ name: "live", chunker: paragraphChunker, embedder }),
    onProgress: ({ degraded }) => codes.push(degraded?.code),
  });
  const handle = indexer.follow(LiveSource.of(...listed([upsert("a", "one")])));
  await expect.poll(() => handle.status().error).toMatchObject({ code: "unreachable" });
  expect(codes).toContain("unreachable");
  embedder.isUp = true;
  expect(await handle.done).toMatchObject({ documents: { added: 1 } });
  expect([await texts(), handle.status().error]).toEqual([["one"], undefined]);
});

test("removes documents, and a whole source, while the embedder is down", async () => {
  class DownEmbedder extends FakeEmbedder {
    override describe(): Promise<EmbedderInfo> {
      return Promise.reject(down);
    }
  }
  const { indexer, store, texts } = liveSetUp();
  await indexer.sync(LiveSource.of(...listed([upsert("a", "one"), upsert("b", "two")])));
  const index = defineIndex({ name: "live", chunker: paragraphChunker, embedder: new DownEmbedder() });
  const remover = createIndexer({ store, index });
  expect(await remover.remove(["a"], { sourceId: "live" })).toMatchObject({ documents: { removed: 1 } });
  expect(await texts()).toEqual(["two"]);
  await remover.removeSource("live");
  expect(await texts()).toEqual([]);
  await expect(remover.upsert([])).rejects.toMatchObject({ code: "unreachable" });
});

test("holds only load functions of changes that wait for the embedder, and applies all of them once it works", async () => {
  const { indexer, embedder, texts, switchOff, switchOn } = downSetUp();
  const source = new LiveSource();
  const handle = indexer.follow(source, { flushMs: 1 });
  source.say(...listed([upsert("a", "one")]));
  await expect.poll(texts).toEqual(["one"]);
  switchOff();
  for (let version = 0; version < 3; version++)
    for (let i = 0; i < 300; i++) source.say(upsert(`d${i}`, `text ${i} version ${version}`));
  await expect.poll(() => handle.status().waiting).toBe(300);
  switchOn();
  await expect
    .poll(async () => (await texts()).filter((text) => text.endsWith("version 2")).length, { timeout: 9000 })
    .toBe(300);
  expect(embedder.embedded.length).toBeLessThanOrEqual(901);
  await handle.close();
});

test("applies the last change of a document while an older version is being embedded", async () => {
  const stuck = Promise.withResolvers<void>();
  let isSlow = false;
  const { indexer, texts } = liveSetUp({ onEmbed: () => (isSlow ? stuck.promise : undefined) });
  const source = new LiveSource();
  const handle = indexer.follow(source, { flushMs: 1 });
  source.say(...listed([upsert("a", "one"), upsert("b", "two")]));
  await expect.poll(texts).toEqual(["one", "two"]);
  isSlow = true;
  source.say(upsert("a", "one!"), upsert("b", "two!"), upsert("c", "three"));
  await expect.poll(() => handle.status().waiting).toBe(3);
  source.say(removed("a"), removed("c"), upsert("b", "two!!"));
  await expect.poll(texts).toEqual(["two"]);
  isSlow = false;
  stuck.resolve();
  await expect.poll(texts).toEqual(["two!!"]);
  await handle.close();
});

test("ignores a removal from a scope that the document has left while the document is being embedded", async () => {
  const stuck = Promise.withResolvers<void>();
  const { indexer, texts } = liveSetUp({ onEmbed: () => stuck.promise });
  const source = new LiveSource();
  const handle = indexer.follow(source, { flushMs: 1 });
  source.say(upsert("a", "one", { scope: "new" }));
  await expect.poll(() => handle.status().waiting).toBe(1);
  source.say(removed("a", "old"));
  source.end();
  stuck.resolve();
  await handle.done;
  expect(await texts()).toEqual(["one"]);
});

test("does not embed a document again that is shown under another name after its removal", async () => {
  const { indexer, embedder, texts } = liveSetUp();
  const source = new LiveSource();
  const handle = indexer.follow(source, { flushMs: 1 });
  source.say(...listed([upsert("a", "one\n\ntwo")]));
  await expect.poll(texts).toEqual(["one", "two"]);
  source.say(removed("a"));
  await expect.poll(texts).toEqual([]);
  source.say(upsert("b", "two\n\none"));
  await expect.poll(texts).toEqual(["one", "two"]);
  expect(embedder.embedded).toEqual(["one", "two"]);
  await handle.close();
});

test("completes a listing while its documents wait for the embedder, and removes none of them", async () => {
  const { indexer, texts, switchOff, switchOn } = downSetUp();
  await indexer.sync(LiveSource.of(...listed([upsert("a", "one"), upsert("b", "two")]), checkpoint("1")));
  const source = new LiveSource();
  switchOff();
  const handle = indexer.follow(source, { flushMs: 1 });
  source.say(...listed([upsert("a", "one!")]), checkpoint("2"));
  await expect.poll(texts).toEqual(["one"]);
  expect(handle.status()).toMatchObject({ phase: "following", waiting: 1 });
  switchOn();
  await expect.poll(texts, { timeout: 5000 }).toEqual(["one!"]);
  await handle.close();
});

test("indexes a document that changes faster than it is embedded", async () => {
  const { indexer, texts } = liveSetUp({ onEmbed: () => new Promise((resolve) => setTimeout(resolve, 10)) });
  const source = new LiveSource();
  const handle = indexer.follow(source, { flushMs: 1 });
  const seen = new Set<string>();
  let version = 0;
  const timer = setInterval(() => source.say(upsert("hot", `version ${version++}`)), 1);
  await expect.poll(async () => seen.add((await texts())[0] ?? "").size).toBeGreaterThan(4);
  clearInterval(timer);
  await expect.poll(texts).toEqual([`version ${version - 1}`]);
  await handle.close();
});
