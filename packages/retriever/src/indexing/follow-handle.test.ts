import { BinnacleError, type DocumentSource, type SourceChange } from "@binnacle/core";
import { expect, test } from "vitest";
import {
  checkpoint,
  listed,
  listing,
  LiveSource,
  liveSetUp,
  scopes,
  upsert,
} from "./fixtures/live-source.ts";
import type { ScopeStatus } from "./report/follow-status.ts";
import { verifyIndex } from "./verify-index.ts";
import { defineIndex } from "./options/define-index.ts";
import { paragraphChunker } from "./fixtures/paragraph-chunker.ts";

const current = (asOf: number, scope = "live"): SourceChange => ({ type: "current", scope, asOf });
const degraded = (scope: string): SourceChange => ({
  type: "degraded",
  scope,
  error: new BinnacleError("forbidden", "no right to list"),
});

test("follows only after every scope that the source named was listed", async () => {
  const { indexer } = liveSetUp();
  const source = new LiveSource();
  const handle = indexer.follow(source, { flushMs: 1 });
  source.say(scopes("x", "y"), ...listed([upsert("a", "one", { scope: "x" })], "x"));
  const states = (): readonly string[] => handle.status().scopes.map(({ state }) => state);
  await expect.poll(states).toEqual(["current", "pending"]);
  expect(handle.status().phase).toBe("indexing");
  source.say(listing("started", "y"));
  await expect.poll(states).toEqual(["current", "listing"]);
  expect(handle.status().phase).toBe("indexing");
  source.say(listing("complete", "y"));
  await expect.poll(() => handle.status().phase).toBe("following");
  source.say(listing("started", "y"));
  await expect.poll(states).toEqual(["current", "listing"]);
  expect(handle.status().phase).toBe("following");
  await handle.close();
});

test("follows although a scope is degraded before its first listing (T42)", async () => {
  const { indexer } = liveSetUp();
  const source = new LiveSource();
  const handle = indexer.follow(source, { flushMs: 1 });
  source.say(scopes("x", "y"), ...listed([upsert("a", "one", { scope: "x" })], "x"), degraded("y"));
  await expect.poll(() => handle.status().phase).toBe("following");
  source.say(listing("started", "y"));
  await expect.poll(() => handle.status().phase).toBe("indexing");
  source.say(listing("complete", "y"));
  await expect.poll(() => handle.status().phase).toBe("following");
  await handle.close();
});

test("returns to indexing for the listing of a scope that the source did not name", async () => {
  const phases: string[] = [];
  const { indexer } = liveSetUp({ onProgress: ({ phase }) => phases.push(phase) });
  const source = new LiveSource();
  const handle = indexer.follow(source, { flushMs: 1 });
  source.say(...listed([upsert("a", "one", { scope: "x" })], "x"));
  await expect.poll(() => handle.status().phase).toBe("following");
  source.say(listing("started", "y"), upsert("b", "two", { scope: "y" }));
  await expect.poll(() => handle.status().phase).toBe("indexing");
  source.say(listing("complete", "y"));
  await expect.poll(() => handle.status().phase).toBe("following");
  await handle.close();
});

test("follows at once if every scope resumes", async () => {
  const { indexer } = liveSetUp();
  await indexer.sync(LiveSource.of(...listed([upsert("a", "one")]), checkpoint("1")));
  const handle = indexer.follow(new LiveSource(), { flushMs: 1 });
  await expect.poll(() => handle.status().phase).toBe("following");
  expect(handle.status().scopes).toMatchObject([{ scope: "live", state: "current" }]);
  await handle.close();
});

test("reports the state, the time and the error of each scope", async () => {
  const { indexer } = liveSetUp();
  const source = new LiveSource();
  const startedAt = Date.now();
  const handle = indexer.follow(source, { flushMs: 1 });
  source.say(scopes("x", "y", "z"), ...listed([], "x"), listing("started", "y"), listing("aborted", "y"));
  source.say(degraded("z"));
  const of = (scope: string): ScopeStatus | undefined =>
    handle.status().scopes.find((one) => one.scope === scope);
  await expect
    .poll(() => of("z"))
    .toMatchObject({ state: "pending", isDegraded: true, error: { code: "forbidden" } });
  expect(of("y")).toMatchObject({ state: "incomplete", error: { code: "listing_aborted" } });
  expect(of("x")?.asOf).toBeGreaterThanOrEqual(startedAt);
  expect(handle.status().lastPullAt).toBeGreaterThanOrEqual(startedAt);
  source.say(current(1e13, "z"));
  await expect.poll(() => of("z")).toMatchObject({ isDegraded: false, asOf: 1e13, error: undefined });
  expect(JSON.parse(JSON.stringify(handle.status()))).toMatchObject({ phase: "following", lagMs: 0 });
  await handle.close();
});

test("reports a scope as current only once all earlier changes are applied", async () => {
  const stuck = Promise.withResolvers<void>();
  const { indexer } = liveSetUp({ onEmbed: () => stuck.promise });
  const source = new LiveSource();
  const handle = indexer.follow(source, { flushMs: 1 });
  source.say(upsert("a", "one"), current(1000));
  await expect.poll(() => handle.status().waiting).toBe(1);
  await expect.poll(() => handle.status().lagMs).toBeGreaterThan(5);
  expect(handle.status().scopes).toEqual([]);
  stuck.resolve();
  await expect.poll(() => handle.status().scopes).toMatchObject([{ scope: "live", asOf: 1000 }]);
  await handle.close();
});

test("ends the run with its report and releases the lease on close, and accepts a second close", async () => {
  const { indexer, texts } = liveSetUp();
  const source = new LiveSource();
  const handle = indexer.follow(source, { flushMs: 1 });
  source.say(...listed([upsert("a", "one")]));
  await expect.poll(texts).toEqual(["one"]);
  await Promise.all([handle.close(), handle.close()]);
  expect(await handle.done).toMatchObject({ documents: { added: 1 } });
  expect(await indexer.remove(["a"], { sourceId: "live" })).toMatchObject({ documents: { removed: 1 } });
});

test("rejects done if the run fails, and can still be closed", async () => {
  const { indexer } = liveSetUp({
    onEmbed: () => {
      throw new BinnacleError("unauthorized", "no key");
    },
  });
  const handle = indexer.follow(LiveSource.of(upsert("a", "one")));
  await expect(handle.done).rejects.toMatchObject({ name: "SyncError", code: "unauthorized" });
  await handle.close();
});

test("reports that the run has ended, and why", async () => {
  const { indexer } = liveSetUp();
  const source: DocumentSource = {
    id: "live",
    async *changes() {
      yield* listed([upsert("a", "one")]);
      throw new BinnacleError("connection_lost", "the connection broke");
    },
  };
  const failed = indexer.follow(source);
  await expect(failed.done).rejects.toThrow("the connection broke");
  expect(failed.status()).toMatchObject({
    phase: "ended",
    error: { code: "connection_lost", message: "the connection broke" },
  });
  const closed = indexer.follow(new LiveSource());
  await closed.close();
  expect(closed.status()).toMatchObject({ phase: "ended", error: undefined });
});

test("refuses wrong options at once", () => {
  const { indexer } = liveSetUp();
  expect(() => indexer.follow(new LiveSource(), JSON.parse('{"flushMs": -1}'))).toThrow(/flushMs/);
});

test("reports scopes that are degraded at the end", async () => {
  const { indexer } = liveSetUp();
  const report = await indexer.sync(LiveSource.of(degraded("x"), degraded("y"), current(1, "y")));
  expect(report.degraded).toEqual([{ scope: "x", code: "forbidden", message: "no right to list" }]);
});

test("ignores and reports a change of an unknown type, and continues", async () => {
  const codes: (string | undefined)[] = [];
  const { indexer, texts } = liveSetUp({ onProgress: ({ degraded: why }) => codes.push(why?.code) });
  const unknown = JSON.parse('{"type": "rumour", "scope": "live"}');
  const report = await indexer.sync(LiveSource.of(unknown, ...listed([upsert("a", "one")]), unknown));
  expect(report.degraded).toMatchObject([
    { scope: "", code: "unknown_change", message: expect.stringContaining('2 changes of type "rumour"') },
  ]);
  expect([codes.filter((code) => code === "unknown_change"), await texts()]).toEqual([
    ["unknown_change"],
    ["one"],
  ]);
});

test("allows verification of index and manifest while the source is followed", async () => {
  const { indexer, store, embedder, texts } = liveSetUp();
  const source = new LiveSource();
  const handle = indexer.follow(source, { flushMs: 1 });
  source.say(...listed([upsert("a", "one")]));
  await expect.poll(texts).toEqual(["one"]);
  await expect.poll(() => handle.status().waiting).toBe(0);
  const index = defineIndex({ name: "live", chunker: paragraphChunker, embedder });
  const listing = LiveSource.of(...listed([upsert("a", "one")]));
  const verdict = await verifyIndex({ store, index, source: listing, manifest: store.manifest });
  expect(verdict).toMatchObject({ ok: true, documents: 1 });
  await handle.close();
});
