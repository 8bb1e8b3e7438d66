import { BinnacleError, type Document, type SourceChange, type UpsertChange } from "@binnacle/core";
import { expect, onTestFinished, test, vi } from "vitest";
import { checkpoint, listed, LiveSource, liveSetUp, removed, scope, upsert } from "./fixtures/live-source.ts";

const busy = new BinnacleError("busy", "try again", { retryable: true });
const broken = new BinnacleError("broken", "for good");

/** A document that cannot be loaded the first time. */
function flaky(documentId: string, text: string): UpsertChange {
  const change = upsert(documentId, text);
  let attempts = 0;
  return { ...change, load: (call) => (attempts++ === 0 ? Promise.reject(busy) : change.load(call)) };
}

const failing = (text: string, error: BinnacleError): UpsertChange =>
  upsert("x", text, { load: () => Promise.reject(error) });
const gone = upsert("x", "v2", { load: (): Promise<Document | undefined> => Promise.resolve(undefined) });
const a = upsert("a", "one");

const words: [what: string, said: SourceChange[], failed: number][] = [
  ["a listing that no longer shows it", listed([a]), 0],
  ["its removal", [removed("x")], 0],
  ["a newer version that is gone when it is read", [gone], 0],
  ["a newer version that fails for good", [failing("v2", broken)], 1],
  ["a newer version that cannot be read", [{ type: "unreadable", documentId: "x", scope, error: broken }], 1],
];

for (const isIndexed of [false, true]) {
  for (const [what, said, failed] of words) {
    test(`does not retry a document${isIndexed ? " that was indexed before and" : ""} that failed for now after ${what}`, async () => {
      // Time stands still until the test advances it: a retry must not come before all of this is said.
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
      onTestFinished(() => void vi.useRealTimers());
      const failures: number[] = [];
      const { indexer, texts } = liveSetUp({
        onProgress: ({ documentsFailed }) => failures.push(documentsFailed),
      });
      if (isIndexed) await indexer.sync(LiveSource.of(...listed([a, upsert("x", "v0")])));
      const source = new LiveSource();
      const controller = new AbortController();
      const following = indexer.follow(source, { signal: controller.signal, flushMs: 1, retryMs: 60 }).done;
      source.say(...listed([a, flaky("x", "v1")]), ...said);
      await vi.advanceTimersByTimeAsync(50);
      await expect.poll(() => failures.at(-1)).toBe(failed);
      await vi.advanceTimersByTimeAsync(100);
      expect(await texts()).not.toContain("v1");
      expect(failures.at(-1)).toBe(failed);
      controller.abort("enough");
      await expect(following).rejects.toBe("enough");
    });
  }
}

test("tries a failed document again after a removal from another scope", async () => {
  const { indexer, texts } = liveSetUp();
  const source = new LiveSource();
  const controller = new AbortController();
  const following = indexer.follow(source, { signal: controller.signal, flushMs: 1, retryMs: 20 }).done;
  source.say(flaky("x", "v1"));
  await new Promise((resolve) => setTimeout(resolve, 5));
  source.say(removed("x", "elsewhere"));
  await expect.poll(texts).toEqual(["v1"]);
  controller.abort("enough");
  await expect(following).rejects.toBe("enough");
});

test("holds back no checkpoint for a failed document that a later listing no longer shows", async () => {
  const { indexer } = liveSetUp();
  const source = LiveSource.of(...listed([a, failing("v1", broken)]), ...listed([a]), checkpoint("10"));
  expect(await indexer.sync(source)).toMatchObject({ documents: { failed: 0 }, failures: [] });
  const next = LiveSource.of();
  await indexer.sync(next);
  expect(next.resumed).toEqual(["10"]);
});
