import { BinnacleError, type Write } from "@binnacle/core";
import { expect, test } from "vitest";
import { MemoryManifest } from "../manifests/memory/index.ts";
import { MemoryStore } from "../stores/memory/index.ts";
import {
  checkpoint,
  listed,
  LiveSource,
  liveSetUp,
  removed,
  upsert,
  type LiveSetting,
} from "./fixtures/live-source.ts";
import { observedStore } from "./fixtures/observed-store.ts";

interface Setting extends LiveSetting {
  /** Whether the store refuses deletes. */
  refuses: boolean;
}

const refusal = new BinnacleError("unavailable", "the shard is down", { retryable: true });

function setUp(): Setting {
  const memory = new MemoryStore();
  const refuse = ({ type }: Write): BinnacleError | undefined =>
    setting.refuses && type === "delete" ? refusal : undefined;
  const store = observedStore(memory, { refuse });
  const setting = { ...liveSetUp({ store, memory, manifest: new MemoryManifest() }), refuses: false };
  return setting;
}

test("reports a document of which the store refuses to delete points, and the next sync repairs it", async () => {
  const setting = setUp();
  const { indexer, texts } = setting;
  await indexer.sync(LiveSource.of(...listed([upsert("a", "one\n\ntwo\n\nthree")])));
  setting.refuses = true;
  const report = await indexer.sync(LiveSource.of(...listed([upsert("a", "one")]), checkpoint("10")));
  expect(report).toMatchObject({
    documents: { changed: 0, failed: 1 },
    failures: [{ documentId: "a", code: "unavailable" }],
    pointsDeleted: 0,
  });
  setting.refuses = false;
  const next = LiveSource.of(...listed([upsert("a", "one")]));
  expect(await indexer.sync(next)).toMatchObject({ documents: { changed: 1, failed: 0 }, pointsDeleted: 2 });
  expect([next.resumed, await texts()]).toEqual([[undefined], ["one"]]);
});

test("reports a removal that the store refuses, and records no checkpoint after it", async () => {
  const setting = setUp();
  const { indexer, texts } = setting;
  await indexer.sync(LiveSource.of(...listed([upsert("a", "one"), upsert("b", "two")]), checkpoint("10")));
  setting.refuses = true;
  const report = await indexer.sync(LiveSource.of(removed("b"), checkpoint("20")));
  expect(report).toMatchObject({ documents: { removed: 0, failed: 1 }, failures: [{ documentId: "b" }] });
  setting.refuses = false;
  const next = LiveSource.of();
  expect(await indexer.sync(next)).toMatchObject({ documents: { removed: 1, failed: 0 } });
  expect([next.resumed, await texts()]).toEqual([["10"], ["one"]]);
});

test("tries a removal again that the store refused while the source is followed", async () => {
  const setting = setUp();
  const { indexer, texts } = setting;
  await indexer.sync(LiveSource.of(...listed([upsert("a", "one"), upsert("b", "two")])));
  setting.refuses = true;
  const source = new LiveSource();
  const controller = new AbortController();
  const following = indexer.follow(source, { signal: controller.signal, flushMs: 1, retryMs: 5 }).done;
  source.say(removed("b"), checkpoint("20"));
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(await texts()).toEqual(["one", "two"]);
  setting.refuses = false;
  await expect.poll(texts).toEqual(["one"]);
  controller.abort("enough");
  await expect(following).rejects.toBe("enough");
});
