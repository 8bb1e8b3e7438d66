import type { DocumentSource } from "@binnacle/core";
import { expect, test } from "vitest";
import { MemoryManifest } from "../manifests/memory/index.ts";
import { createIndexer, type Indexer } from "./create-indexer.ts";
import { observedStore } from "./fixtures/observed-store.ts";
import { setUp } from "./fixtures/set-up.ts";
import type { IndexProgress } from "./report/index-report.ts";

test("rejects a second indexer on the same source with lease_held, or lets it wait", async () => {
  const { indexer, index, store, manifest, source } = setUp();
  source.put("a", "one");
  const held = await manifest.open({ sourceId: source.id, collection: index.name, incarnation: "any" });
  await expect(indexer.sync(source)).rejects.toMatchObject({ code: "lease_held", retryable: true });
  const phases: string[] = [];
  const onProgress = ({ phase }: IndexProgress): void => {
    phases.push(phase);
    if (phase === "waiting") void held.close();
  };
  const patient = createIndexer({ store, index, manifest, onProgress, leaseWaitMs: 5000 });
  expect(await patient.sync(source)).toMatchObject({ documents: { added: 1 } });
  expect(phases[0]).toBe("waiting");
});

test("runs many concurrent calls in turn, whatever the wait for other indexers", async () => {
  const { index, store, manifest } = setUp();
  const phases = new Set<string>();
  const onProgress = ({ phase }: IndexProgress): void => void phases.add(phase);
  const indexer = createIndexer({ store, index, manifest, onProgress, leaseWaitMs: 2000 });
  const documents = Array.from({ length: 40 }, (_, i) => `d${i}`);
  const reports = await Promise.all(
    documents.map((id) => indexer.upsert([{ id, text: id, mediaType: "text/plain", metadata: {} }])),
  );
  expect(reports.map(({ documents: { added } }) => added)).toEqual(documents.map(() => 1));
  expect(phases).toContain("waiting");
});

test("rejects a call behind a followed source with lease_held", async () => {
  const { index, store, manifest } = setUp();
  const indexer = createIndexer({ store, index, manifest, leaseWaitMs: 50 });
  const stop = new AbortController();
  const started = Promise.withResolvers<void>();
  const live: DocumentSource = {
    id: "live",
    async *changes({ signal }) {
      yield { type: "listing", scope: "all", state: "started" };
      started.resolve();
      await new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
    },
  };
  const following = indexer.follow(live, { signal: stop.signal }).done.catch((error: unknown) => error);
  await started.promise;
  const pushes = [1, 2].map(() => indexer.remove(["a"], { sourceId: "live" }));
  const held = { status: "rejected", reason: { code: "lease_held", retryable: true } };
  expect(await Promise.allSettled(pushes)).toMatchObject([held, held]);
  stop.abort("enough");
  expect(await following).toBe("enough");
  expect(await indexer.remove(["a"], { sourceId: "live" })).toMatchObject({ documents: { removed: 0 } });
});

test("opens a source whose manifest was lost while the clock was set back", async () => {
  const { index, store, source, points } = setUp();
  const at = (now: number): Indexer =>
    createIndexer({ store, index, manifest: new MemoryManifest({ now: () => now }), leaseWaitMs: 0 });
  source.put("a", "one");
  await at(5_000_000).sync(source);
  source.put("a", "two");
  const behind = at(1_000_000);
  expect(await behind.sync(source)).toMatchObject({ documents: { changed: 1, failed: 0 } });
  source.put("a", "three");
  expect(await behind.sync(source)).toMatchObject({ documents: { changed: 1 } });
  const late = { fence: { sourceId: source.id, token: 5_000_000 } };
  await expect(points().write([], late)).rejects.toMatchObject({ code: "fenced" });
});

test("waits for the successor if its lease was taken before it registered, and never writes beside it", async () => {
  let now = 1_000_000;
  let hasSlept = false;
  const manifest = new MemoryManifest({ now: () => now });
  const { index, memory, source } = setUp();
  source.put("a", "one");
  await createIndexer({ store: memory, index, manifest }).sync(source);
  const { incarnation } = (await memory.describeCollection(index.name)) ?? { incarnation: "" };
  const binding = { sourceId: source.id, collection: index.name, incarnation };
  const store = observedStore(memory, {
    before: async (method) => {
      if (method !== "write" || hasSlept) return;
      hasSlept = true;
      now += 60_000;
      const { token } = await manifest.open(binding);
      await memory.collection(index.name).write([], { fence: { sourceId: source.id, token } });
    },
  });
  const sleeper = createIndexer({ store, index, manifest, leaseWaitMs: 0 });
  await expect(sleeper.sync(source)).rejects.toMatchObject({ code: "lease_held" });
});
