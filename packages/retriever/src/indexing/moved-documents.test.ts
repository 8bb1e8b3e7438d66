import { BinnacleError, type SourceChange } from "@binnacle/core";
import { expect, test } from "vitest";
import type { FollowHandle } from "./report/follow-status.ts";
import {
  checkpoint,
  gone,
  listed,
  LiveSource,
  liveSetUp,
  removed,
  scopes,
  upsert,
  type LiveSetting,
} from "./fixtures/live-source.ts";

const inX = (text: string, given: Parameters<typeof upsert>[2] = {}): SourceChange =>
  upsert("a", text, { scope: "x", ...given });

/** Follows the source; what is said next is applied together. */
async function followedTogether({ indexer }: LiveSetting, source: LiveSource): Promise<FollowHandle> {
  const handle = indexer.follow(source, { flushMs: 200 });
  source.say(upsert("warm", ""));
  await expect.poll(() => handle.status().lastPullAt).toBeDefined();
  await expect.poll(() => handle.status().waiting).toBe(0);
  return handle;
}

interface HeldSetting extends LiveSetting {
  /** From now on the embedder does not answer. Resolves when it is asked. */
  readonly hold: () => Promise<void>;
  readonly release: () => void;
}

/** An index with the document "a" in the scope "live". */
async function withDocument(): Promise<HeldSetting> {
  const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let isHeld = false;
  const onEmbed = (): Promise<void> | undefined => {
    if (!isHeld) return undefined;
    asked.resolve();
    return answer.promise;
  };
  const hold = (): Promise<void> => {
    isHeld = true;
    return asked.promise;
  };
  const setting = liveSetUp({ onEmbed });
  const changes = [scopes("live", "x"), ...listed([upsert("a", "one")]), ...listed([], "x")];
  await setting.indexer.sync(LiveSource.of(...changes, checkpoint("1"), checkpoint("1", "x")));
  return { ...setting, hold, release: answer.resolve };
}

test.each<[name: string, end: SourceChange]>([
  ["is gone", gone("x")],
  ["is no longer named", scopes("live")],
])("removes a document that moved into a scope that %s before the document is embedded", async (_, end) => {
  const setting = await withDocument();
  const { texts, hold, release } = setting;
  const source = new LiveSource();
  const handle = await followedTogether(setting, source);
  const isHeld = hold();
  source.say(removed("a"), inX("two"));
  await isHeld;
  source.say(end);
  await expect.poll(texts).toEqual([]);
  release();
  source.end();
  await handle.done;
  expect(await texts()).toEqual([]);
});

test.each<[name: string, changes: readonly SourceChange[]]>([
  ["removed there", [...listed([], "y"), removed("a", "x")]],
  ["not listed there", listed([], "x")],
])("removes a document that moved, is gone when it is loaded, and is %s", async (_, changes) => {
  const { indexer, texts } = await withDocument();
  const source = LiveSource.of(
    removed("a"),
    inX("two", { load: () => Promise.resolve(undefined) }),
    ...changes,
  );
  await indexer.sync(source);
  expect(await texts()).toEqual([]);
});

test("forgets no removal if the process ends while a document that moved is embedded", async () => {
  const setting = await withDocument();
  const { texts, store, hold, release } = setting;
  const source = new LiveSource();
  const handle = await followedTogether(setting, source);
  const isHeld = hold();
  source.say(removed("a"), inX("two"), checkpoint("2"), checkpoint("2", "x"));
  await isHeld;
  await handle.close();
  release();
  const next = LiveSource.of(...listed([], "x"));
  await liveSetUp({ memory: store }).indexer.sync(next);
  expect(next.resumedScopes).toEqual([{ live: "2", x: "1" }]);
  expect(await texts()).toEqual([]);
});

test("does not report a failure in a scope that the source no longer names", async () => {
  const { indexer } = await withDocument();
  const load = (): Promise<never> => Promise.reject(new BinnacleError("busy", "busy", { retryable: true }));
  const failing = upsert("b", "two", { scope: "x", load });
  const report = await indexer.sync(LiveSource.of(failing, scopes("live")));
  expect(report.documents.failed).toBe(0);
});
