import { BinnacleError, type SourceChange } from "@binnacle/core";
import { expect, test } from "vitest";
import { createIndexer } from "./create-indexer.ts";
import { defineIndex } from "./options/define-index.ts";
import {
  checkpoint,
  listed,
  listing,
  LiveSource,
  liveSetUp,
  upsert,
  type LiveSetting,
} from "./fixtures/live-source.ts";
import { paragraphChunker } from "./fixtures/paragraph-chunker.ts";

const inScope = (scope: string, documentId: string, text: string): SourceChange =>
  upsert(documentId, text, { scope });

/** What the next run may resume. */
async function resumedBy({
  indexer,
}: Pick<LiveSetting, "indexer">): Promise<Record<string, string> | undefined> {
  const next = LiveSource.of();
  await indexer.sync(next);
  return next.resumedScopes[0];
}

test("holds back only the checkpoint of a scope whose listing fails", async () => {
  const setting = liveSetUp();
  const source = LiveSource.of(
    ...listed([inScope("pods", "a", "one")], "pods"),
    listing("started", "secrets"),
    listing("aborted", "secrets"),
    checkpoint("100", "pods"),
    checkpoint("100", "secrets"),
  );
  const report = await setting.indexer.sync(source);
  expect(report.incomplete).toMatchObject([{ scope: "secrets", code: "listing_aborted" }]);
  expect(await resumedBy(setting)).toEqual({ pods: "100" });
});

test("holds back only the checkpoint of the scope in which a document fails for a reason that may pass", async () => {
  const setting = liveSetUp();
  const busy = (): Promise<never> => Promise.reject(new BinnacleError("busy", "busy", { retryable: true }));
  const first = LiveSource.of(
    ...listed([inScope("pods", "a", "one")], "pods"),
    ...listed([inScope("jobs", "b", "two")], "jobs"),
    checkpoint("1", "pods"),
    checkpoint("1", "jobs"),
    upsert("b", "two!", { scope: "jobs", load: busy }),
    checkpoint("2", "pods"),
    checkpoint("2", "jobs"),
  );
  await setting.indexer.sync(first);
  expect(await resumedBy(setting)).toEqual({ pods: "2", jobs: "1" });
});

test("records a document that cannot be embedded, does not load it again, and holds back no checkpoint", async () => {
  const setting = liveSetUp({ maxCharacters: 50 });
  let loads = 0;
  const long = "x".repeat(80);
  const big = upsert("big", long, { scope: "crs" });
  const counted = { ...big, load: () => (loads++, big.load()) };
  const changes = [
    ...listed([inScope("pods", "a", "one")], "pods"),
    ...listed([counted], "crs"),
    checkpoint("100", "pods"),
    checkpoint("100", "crs"),
  ];
  const report = await setting.indexer.sync(LiveSource.of(...changes));
  expect(report.failures).toMatchObject([{ documentId: "big", code: "input_too_long" }]);
  const again = LiveSource.of(...changes);
  const second = await setting.indexer.sync(again);
  expect(second.failures).toMatchObject([{ documentId: "big", code: "input_too_long" }]);
  expect([again.resumedScopes, loads, second.documents.failed]).toEqual([
    [{ pods: "100", crs: "100" }],
    1,
    1,
  ]);
});

test("tries a recorded failure again with another version, another configuration and recheck", async () => {
  const setting = liveSetUp({ maxCharacters: 50 });
  const { store, embedder } = setting;
  let loads = 0;
  const failing = (version: string): SourceChange => {
    const change = upsert("big", "x".repeat(80), { version });
    return { ...change, load: () => (loads++, change.load()) };
  };
  await setting.indexer.sync(LiveSource.of(failing("1")));
  await setting.indexer.sync(LiveSource.of(failing("1")));
  expect(loads).toBe(1);
  await setting.indexer.sync(LiveSource.of(failing("2")));
  expect(loads).toBe(2);
  await setting.indexer.sync(LiveSource.of(failing("2")), { recheck: true });
  expect(loads).toBe(3);
  const chunker = { ...paragraphChunker, id: "other" };
  const other = createIndexer({ store, index: defineIndex({ name: "live", chunker, embedder }) });
  await other.sync(LiveSource.of(failing("2")));
  expect(loads).toBe(4);
});

test("keeps the points of the last good version of a failed document, until a listing does not show it", async () => {
  const { indexer, texts } = liveSetUp({ maxCharacters: 50 });
  await indexer.sync(LiveSource.of(...listed([upsert("a", "one")])));
  const failed = await indexer.sync(LiveSource.of(...listed([upsert("a", "x".repeat(80))])));
  expect([failed.documents, await texts()]).toMatchObject([{ failed: 1, changed: 0 }, ["one"]]);
  const mended = await indexer.sync(LiveSource.of(...listed([upsert("a", "one")])));
  expect([mended.documents, mended.embeddings]).toMatchObject([{ failed: 0, unchanged: 1 }, 0]);
  await indexer.sync(LiveSource.of(...listed([upsert("a", "x".repeat(80))])));
  const report = await indexer.sync(LiveSource.of(...listed([])));
  expect([report.documents.removed, await texts()]).toEqual([1, []]);
});

test("does not count a document as removed that was never indexed", async () => {
  const { indexer } = liveSetUp({ maxCharacters: 50 });
  await indexer.sync(LiveSource.of(...listed([upsert("a", "x".repeat(80))])));
  expect((await indexer.sync(LiveSource.of(...listed([])))).documents.removed).toBe(0);
});

test("records a checkpoint as soon as everything before it is applied, although its scope never rests", async () => {
  let isSlow = false;
  const stuck = Promise.withResolvers<void>();
  const setting = liveSetUp({
    onEmbed: (texts) => (isSlow && texts.includes("late") ? stuck.promise : undefined),
  });
  const source = new LiveSource();
  const handle = setting.indexer.follow(source, { flushMs: 1 });
  source.say(...listed([upsert("a", "one")]), checkpoint("1"));
  await expect.poll(setting.texts).toEqual(["one"]);
  isSlow = true;
  source.say(upsert("b", "two"), checkpoint("2"));
  await expect.poll(setting.texts).toEqual(["one", "two"]);
  source.say(upsert("c", "late"), checkpoint("3"));
  await expect.poll(() => handle.status().waiting).toBe(1);
  await handle.close();
  expect(await resumedBy(setting)).toEqual({ live: "2" });
  stuck.resolve();
});
