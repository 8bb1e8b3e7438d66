import type { SourceChange } from "@binnacle/core";
import { expect, test } from "vitest";
import { IndexModel } from "./fixtures/index-model.ts";
import {
  checkpoint,
  gone,
  listed,
  LiveSource,
  liveSetUp,
  scopes,
  upsert,
  type LiveSetting,
} from "./fixtures/live-source.ts";
import { MemoryManifest } from "../manifests/memory/index.ts";
import type { MassDeletion } from "./run/mass-delete-error.ts";

const many = (count: number, scope: string): SourceChange[] =>
  Array.from({ length: count }, (_, i) => upsert(`${scope}-${i}`, `${scope} ${i}`, { scope }));

/** An index of twelve widgets and three pods. */
async function withWidgets(given: Parameters<typeof liveSetUp>[0] = {}): Promise<LiveSetting> {
  const setting = liveSetUp(given);
  await setting.indexer.sync(
    LiveSource.of(
      scopes("widgets", "pods"),
      ...listed(many(12, "widgets"), "widgets"),
      ...listed(many(3, "pods"), "pods"),
      checkpoint("1", "widgets"),
      checkpoint("1", "pods"),
    ),
  );
  return setting;
}

const podsOnly = [scopes("pods"), ...listed(many(3, "pods"), "pods"), checkpoint("2", "pods")];

test("removes a scope that the source proves to be gone without the guard, with its checkpoint", async () => {
  const { indexer, texts } = await withWidgets();
  const report = await indexer.sync(LiveSource.of(gone("widgets"), ...podsOnly));
  expect(report).toMatchObject({
    documents: { removed: 12 },
    incomplete: [],
    removedScopes: [{ scope: "widgets", documents: 12 }],
  });
  expect(await texts()).toHaveLength(3);
  const next = LiveSource.of(scopes("pods"));
  await indexer.sync(next);
  expect(next.resumedScopes).toEqual([{ pods: "2" }]);
});

test("guards and reports a scope that the source no longer names", async () => {
  const { indexer, texts } = await withWidgets();
  await expect(indexer.sync(LiveSource.of(...podsOnly))).rejects.toMatchObject({
    code: "mass_delete_refused",
    report: { incomplete: [{ scope: "widgets", massDelete: { documents: 12, known: 12 } }] },
  });
  expect(await texts()).toHaveLength(15);
  const next = LiveSource.of();
  await indexer.sync(next);
  expect(next.resumedScopes).toEqual([{ pods: "2" }]);
});

test("removes a small scope that the source no longer names", async () => {
  const { indexer, texts } = await withWidgets();
  const named = [scopes("widgets"), ...listed(many(12, "widgets"), "widgets")];
  const report = await indexer.sync(LiveSource.of(...named));
  expect(report.removedScopes).toEqual([{ scope: "pods", documents: 3 }]);
  expect(await texts()).toHaveLength(12);
});

test("calls an allowMassDelete function for each scope that would lose too many documents", async () => {
  const asked: MassDeletion[] = [];
  const allowMassDelete = (deletion: MassDeletion): boolean => {
    asked.push(deletion);
    return deletion.scope === "widgets";
  };
  const { indexer, texts } = await withWidgets({ allowMassDelete });
  await indexer.sync(LiveSource.of(...listed(many(20, "jobs"), "jobs")));
  await expect(indexer.sync(LiveSource.of(...podsOnly))).rejects.toMatchObject({
    report: { incomplete: [{ scope: "jobs" }], removedScopes: [{ scope: "widgets", documents: 12 }] },
  });
  expect(new Set(asked.map(({ scope, documents, known }) => `${scope} ${documents}/${known}`))).toEqual(
    new Set(["widgets 12/12", "jobs 20/20"]),
  );
  expect(await texts()).toHaveLength(23);
});

test("asks again about a refusal while the source is followed", async () => {
  let isAllowed = false;
  const setting = await withWidgets({ allowMassDelete: async () => isAllowed });
  const source = new LiveSource();
  const handle = setting.indexer.follow(source, { flushMs: 1, retryMs: 5 });
  source.say(...podsOnly, ...listed([], "pods"));
  await expect
    .poll(() => handle.status().scopes)
    .toContainEqual({
      scope: "widgets",
      state: "refused",
      isDegraded: false,
      asOf: undefined,
      error: { code: "mass_delete_refused", message: expect.stringContaining("12 of its 12") },
    });
  isAllowed = true;
  await expect.poll(async () => (await setting.texts()).length).toBe(0);
  expect(handle.status().scopes.map(({ scope }) => scope)).toEqual(["pods"]);
  await handle.close();
});

test("does not apply changes of a scope that is gone", async () => {
  const stuck = Promise.withResolvers<void>();
  let isSlow = false;
  const { indexer, texts } = liveSetUp({ onEmbed: () => (isSlow ? stuck.promise : undefined) });
  const source = new LiveSource();
  const handle = indexer.follow(source, { flushMs: 1 });
  source.say(...listed([upsert("a", "one", { scope: "x" })], "x"));
  await expect.poll(texts).toEqual(["one"]);
  isSlow = true;
  source.say(upsert("b", "two", { scope: "x" }));
  await expect.poll(() => handle.status().waiting).toBe(1);
  source.say(gone("x"));
  await expect.poll(texts).toEqual([]);
  stuck.resolve();
  source.end();
  const report = await handle.done;
  expect([await texts(), report.removedScopes]).toEqual([[], [{ scope: "x", documents: 1 }]]);
});

test("keeps documents that an app pushed under the id of a source, because they belong to none of its scopes", async () => {
  const { indexer, texts } = await withWidgets({ allowMassDelete: true });
  await indexer.upsert([{ id: "pushed", text: "pushed", metadata: {} }], { sourceId: "live" });
  await indexer.sync(LiveSource.of(scopes("pods"), ...listed([], "pods")));
  expect(await texts()).toEqual(["pushed"]);
});

test("removes a deleted document after a lost manifest while the source is busy", async () => {
  const setting = liveSetUp();
  await setting.indexer.sync(LiveSource.of(...listed([upsert("a", "one"), upsert("gone", "bye")])));
  // Its clock is ahead, so that its tokens are not refused.
  const manifest = new MemoryManifest({ now: () => Date.now() + 1e6 });
  const { indexer, texts } = liveSetUp({ memory: setting.store, manifest });
  const source = new LiveSource();
  const handle = indexer.follow(source, { flushMs: 50 });
  source.say(scopes("live"), ...listed([upsert("a", "one")]));
  let changes = 0;
  const timer = setInterval(() => source.say(upsert("hot", `version ${changes++}`)), 5);
  await expect.poll(texts).not.toContain("bye");
  clearInterval(timer);
  await handle.close();
  expect(changes).toBeLessThan(200);
});

test("keeps what is half removed from a scope that is not mentioned while another listing breaks off", async () => {
  const model = new IndexModel("fixed");
  model.edit("c", { text: "# north" });
  model.moveToScope("c", "south");
  await model.sync();
  model.delete("c");
  await model.refusedSync(["delete"], 1);
  model.edit("a", { text: "# west" });
  await model.abortedListing();
  expect(await model.world.points()).toHaveLength(1);
  await model.settle();
});
