import type { SourceChange } from "@binnacle/core";
import { expect, test } from "vitest";
import { MemoryManifest } from "../manifests/memory/index.ts";
import { createIndexer, type Indexer } from "./create-indexer.ts";
import { defineIndex } from "./options/define-index.ts";
import {
  checkpoint,
  listed,
  listing,
  LiveSource,
  liveSetUp,
  removed,
  scope,
  scopes,
  upsert,
  type LiveSetting,
} from "./fixtures/live-source.ts";
import { paragraphChunker } from "./fixtures/paragraph-chunker.ts";

/** An indexer of the same collection that knows nothing of what was recorded. */
function forgetful({ store, embedder }: LiveSetting): Indexer {
  const index = defineIndex({ name: "live", chunker: paragraphChunker, embedder });
  return createIndexer({ store, index, manifest: new MemoryManifest({ now: () => Date.now() + 1e6 }) });
}

test("removes unclaimed documents after a lost manifest, as soon as everything is listed", async () => {
  const setting = liveSetUp();
  await setting.indexer.sync(LiveSource.of(...listed([upsert("a", "one"), upsert("b", "two")])));
  const source = new LiveSource();
  const controller = new AbortController();
  const following = forgetful(setting).follow(source, { signal: controller.signal, flushMs: 1 }).done;
  source.say(scopes(scope), ...listed([upsert("a", "one")]));
  await expect.poll(setting.texts).toEqual(["one"]);
  controller.abort("enough");
  await expect(following).rejects.toBe("enough");
});

test("keeps them while a scope is not listed yet", async () => {
  const setting = liveSetUp();
  const [one, two] = [upsert("a", "one", { scope: "A" }), upsert("b", "two", { scope: "B" })];
  const list = [...listed([one], "A"), ...listed([two], "B")];
  await setting.indexer.sync(LiveSource.of(...list));
  const source = new LiveSource();
  const controller = new AbortController();
  const following = forgetful(setting).follow(source, { signal: controller.signal, flushMs: 1 }).done;
  source.say(scopes("A", "B"), ...list.slice(0, 4));
  await new Promise((resolve) => setTimeout(resolve, 30));
  source.say(...list.slice(4));
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect([setting.embedder.embedded, await setting.texts()]).toEqual([
    ["one", "two"],
    ["one", "two"],
  ]);
  controller.abort("enough");
  await expect(following).rejects.toBe("enough");
});

test("applies a removal from a scope to a document whose scope was lost with the manifest", async () => {
  const setting = liveSetUp();
  await setting.indexer.sync(LiveSource.of(...listed([upsert("a", "one"), upsert("b", "two")])));
  const report = await forgetful(setting).sync(LiveSource.of(removed("b")));
  expect([report.documents.removed, await setting.texts()]).toEqual([1, ["one"]]);
});

/** Marks a document as half removed, as a run does that dies in between. */
async function halfRemove({ store }: LiveSetting, documentId: string): Promise<void> {
  const incarnation = (await store.describeCollection("live"))?.incarnation ?? "";
  const session = await store.manifest.open({ sourceId: "live", collection: "live", incarnation });
  const [entry] = await session.get([documentId]);
  if (entry === undefined) throw new Error("no entry");
  await session.put([{ ...entry, state: "removing" }]);
  await session.close();
}

test("finishes an interrupted removal of an earlier run when it resumes", async () => {
  const setting = liveSetUp();
  const { indexer, texts } = setting;
  await indexer.sync(LiveSource.of(...listed([upsert("a", "one"), upsert("b", "two")]), checkpoint("1")));
  await halfRemove(setting, "b");
  const source = new LiveSource();
  const handle = indexer.follow(source);
  await expect.poll(texts).toEqual(["one"]);
  await handle.close();
  expect(source.resumed).toEqual(["1"]);
});

test("does not finish an interrupted removal before its scope is listed, because the document may exist again", async () => {
  const setting = liveSetUp();
  const { indexer, embedder, texts } = setting;
  await indexer.sync(LiveSource.of(...listed([upsert("a", "one"), upsert("b", "two")])));
  await halfRemove(setting, "b");
  await indexer.sync(LiveSource.of(...listed([upsert("a", "one"), upsert("b", "two")])));
  expect([embedder.embedded, await texts()]).toEqual([
    ["one", "two"],
    ["one", "two"],
  ]);
});

const inB = upsert("x", "one", { scope: "B" });
const inA = upsert("x", "one", { scope: "A" });
const windows: [name: string, said: SourceChange[], left: string[]][] = [
  ["removed from another scope, then from its own", [removed("x", "A"), removed("x", "B")], []],
  ["removed from its own scope, then from another", [removed("x", "B"), removed("x", "A")], []],
  ["moved, then removed from where it is", [inA, removed("x", "A")], []],
  ["moved, then removed from where it was", [inA, removed("x", "B")], ["one"]],
  ["removed where it was, then shown elsewhere", [removed("x", "B"), inA], ["one"]],
  ["removed from another scope", [removed("x", "A")], ["one"]],
];

for (const [name, said, left] of windows) {
  for (const isOneWindow of [true, false]) {
    test(`${left.length === 0 ? "removes" : "keeps"} a document ${name}, in ${isOneWindow ? "one window" : "separate windows"}`, async () => {
      const { indexer, texts } = liveSetUp();
      await indexer.sync(LiveSource.of(...listed([inB], "B")));
      // The end of any listing ends a window.
      const between = isOneWindow ? [] : [listing("aborted", "C")];
      await indexer.sync(LiveSource.of(...said.flatMap((change) => [change, ...between])));
      expect(await texts()).toEqual(left);
    });
  }
}
