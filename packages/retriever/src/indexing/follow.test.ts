import { BinnacleError, type DocumentSource, type SourceChange, type UpsertChange } from "@binnacle/core";
import { FakeEmbedder } from "@binnacle/core/testing";
import { expect, test, vi } from "vitest";
import { MemoryStore } from "../stores/memory/index.ts";
import { createIndexer, type Indexer } from "./create-indexer.ts";
import { defineIndex } from "./options/define-index.ts";
import {
  checkpoint,
  listing,
  LiveSource,
  liveSetUp as setUp,
  scope,
  upsert,
} from "./fixtures/live-source.ts";
import { paragraphChunker } from "./fixtures/paragraph-chunker.ts";

const started: SourceChange = listing("started");
const complete: SourceChange = listing("complete");

test("applies live changes soon after the listing, and ends with the signal's reason", async () => {
  const { indexer, texts } = setUp();
  const source = new LiveSource();
  const controller = new AbortController();
  const following = indexer.follow(source, { signal: controller.signal, flushMs: 1 }).done;
  source.say(started, upsert("a", "one"), upsert("b", "two"), complete);
  await expect.poll(texts).toEqual(["one", "two"]);
  source.say(upsert("a", "one and a half"), { type: "remove", documentId: "b", scope });
  await expect.poll(texts).toEqual(["one and a half"]);
  controller.abort("enough");
  await expect(following).rejects.toBe("enough");
});

test("applies the last change of a document within a window, and finds the old vectors of a renamed document", async () => {
  const { indexer, embedder, texts } = setUp();
  const source = new LiveSource();
  source.say(started, upsert("a", "one"), complete, checkpoint("1"));
  const following = indexer.follow(source);
  await expect.poll(texts).toEqual(["one"]);
  source.say({ type: "remove", documentId: "a", scope }, upsert("b", "one"), upsert("c", "late"));
  source.say({ type: "remove", documentId: "c", scope });
  source.end();
  const report = await following.done;
  expect(report).toMatchObject({ documents: { added: 2, removed: 1 }, embeddings: 1 });
  expect(await texts()).toEqual(["one"]);
  expect(embedder.embedded).toEqual(["one"]);
});

test("ignores a removal from a scope that the document has left", async () => {
  const { indexer, texts } = setUp();
  const source = new LiveSource();
  source.say(upsert("a", "one"), { ...upsert("a", "one"), scope: "other" });
  source.say({ type: "remove", documentId: "a", scope });
  source.end();
  await indexer.sync(source);
  expect(await texts()).toEqual(["one"]);
});

test("keeps a document that moved to another scope when its old scope is listed without it", async () => {
  const { indexer, texts } = setUp();
  const moved = { ...upsert("a", "one"), scope: "other" };
  for (const changes of [[started, upsert("a", "one"), complete], [moved], [started, complete]]) {
    const source = new LiveSource();
    source.say(...changes);
    source.end();
    await indexer.sync(source);
  }
  expect(await texts()).toEqual(["one"]);
});

test("passes a checkpoint to the next run, but none after a document that failed for a reason that may pass", async () => {
  const { indexer } = setUp();
  const first = new LiveSource();
  first.say(started, upsert("a", "one"), complete, checkpoint("10"));
  first.end();
  await indexer.sync(first);
  const second = new LiveSource();
  const error = new BinnacleError("unreadable", "locked", { retryable: true });
  second.say(upsert("b", "two"), checkpoint("20"), { type: "unreadable", documentId: "a", scope, error });
  second.say(checkpoint("30"));
  second.end();
  await indexer.sync(second);
  const third = new LiveSource();
  third.end();
  await indexer.sync(third);
  expect([...first.resumed, ...second.resumed, ...third.resumed]).toEqual([undefined, "10", "20"]);
});

test("asks for a full listing if documents may be missing: another chunker, recheck", async () => {
  const embedder = new FakeEmbedder();
  const store = new MemoryStore();
  const indexerWith = (id: string): Indexer =>
    createIndexer({
      store,
      index: defineIndex({ name: "live", chunker: { ...paragraphChunker, id }, embedder }),
    });
  const source = new LiveSource();
  source.say(started, upsert("a", "one"), complete, checkpoint("10"));
  source.end();
  await indexerWith("1").sync(source);
  await indexerWith("1").sync(source);
  await indexerWith("2").sync(source);
  await indexerWith("1").sync(source, { recheck: true });
  expect(source.resumed).toEqual([undefined, "10", undefined, undefined]);
});

test("asks for a full listing if another process changed the collection", async () => {
  const { indexer, store, texts } = setUp();
  const source = new LiveSource();
  source.say(started, upsert("a", "one"), complete, checkpoint("10"));
  source.end();
  await indexer.sync(source);
  await store.collection("live").deleteWhere({ documentId: "a" });
  source.say(started, upsert("a", "one"), complete);
  await indexer.sync(source);
  expect([source.resumed, await texts()]).toEqual([[undefined, undefined], ["one"]]);
});

test("waits for a model server that is down, and reports it as degraded", async () => {
  let failures = 2;
  const degraded: string[] = [];
  const onEmbed = (): void => {
    if (failures-- > 0) throw new BinnacleError("unreachable", "down", { retryable: true });
  };
  const { indexer, texts } = setUp({
    onProgress: (progress) => degraded.push(...[progress.degraded?.code ?? []].flat()),
    onEmbed,
  });
  const source = new LiveSource();
  source.say(started, upsert("a", "one"), complete);
  source.end();
  const report = await indexer.follow(source, { signal: new AbortController().signal }).done;
  expect(report).toMatchObject({ documents: { added: 1, failed: 0 } });
  expect([degraded, await texts()]).toEqual([["unreachable", "unreachable"], ["one"]]);
});

test("accepts a time that is too long for a timer", async () => {
  const { indexer, texts } = setUp();
  const source = new LiveSource();
  const controller = new AbortController();
  const load = vi.fn(() => Promise.reject(new Error("busy")));
  const longest = Number.MAX_SAFE_INTEGER;
  const flush = vi.spyOn(globalThis, "setTimeout");
  const times = { signal: controller.signal, flushMs: longest, retryMs: longest };
  const following = indexer.follow(source, times).done;
  source.say(started, upsert("a", "one"), upsert("b", "two", { load }), complete, checkpoint("1"));
  await expect.poll(texts).toEqual(["one"]);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(load).toHaveBeenCalledTimes(1);
  const delays = flush.mock.calls.map(([, delay]) => delay ?? 0);
  expect(Math.max(...delays)).toBe(2 ** 31 - 1);
  flush.mockRestore();
  controller.abort("enough");
  await expect(following).rejects.toBe("enough");
});

test("tries a document again that could not be loaded while the source is followed", async () => {
  const { indexer, texts } = setUp();
  const source = new LiveSource();
  const controller = new AbortController();
  let attempts = 0;
  const change = upsert("a", "one");
  const load: UpsertChange["load"] = (options) =>
    attempts++ < 2 ? Promise.reject(new Error("busy")) : change.load(options);
  source.say(started, { ...change, load }, complete);
  const following = indexer.follow(source, { signal: controller.signal, flushMs: 1, retryMs: 1 }).done;
  await expect.poll(texts).toEqual(["one"]);
  controller.abort();
  await expect(following).rejects.toBe(controller.signal.reason);
});

test("ends the run with the error of a source that fails, after applying its earlier changes", async () => {
  const { indexer, texts } = setUp();
  const source: DocumentSource = {
    id: "live",
    async *changes() {
      yield upsert("a", "one");
      throw new BinnacleError("connection_lost", "gone");
    },
  };
  await expect(indexer.sync(source)).rejects.toMatchObject({
    code: "connection_lost",
    report: { documents: { added: 1 } },
  });
  expect(await texts()).toEqual(["one"]);
});
