import { expect, test } from "vitest";
import { MemoryManifest } from "../manifests/memory/index.ts";
import { liveSetUp } from "./fixtures/live-source.ts";
import { observedManifest } from "./fixtures/observed-manifest.ts";
import { setUp } from "./fixtures/set-up.ts";

const document = (id: string, text: string) => ({ id, text, mediaType: "text/plain", metadata: {} });

test("reads no entries of other documents for a pushed document that is new, changed, copied or removed (T49)", async () => {
  let listed = 0;
  const manifest = observedManifest(new MemoryManifest(), {}, () => listed++);
  const { indexer, embedder } = setUp({ manifest });
  await indexer.upsert(Array.from({ length: 50 }, (_, i) => document(`old-${i}`, `text ${i}`)));
  listed = 0;
  await indexer.upsert([document("new", "never seen")]);
  await indexer.upsert([document("old-1", "changed")]);
  expect(await indexer.upsert([document("copy", "text 2")])).toMatchObject({
    documents: { added: 1 },
    embeddings: 0,
  });
  await indexer.remove(["old-3"]);
  expect(listed).toBe(0);
  expect(embedder.embedded).toHaveLength(52);
});

test("finds text in another document after one copy was overwritten in the same run (T48)", async () => {
  const { indexer, embedder } = setUp({ maxBatchBytes: 1, loadConcurrency: 1 });
  await indexer.upsert([document("a", "shared"), document("b", "shared")]);
  await indexer.upsert([document("b", "other"), document("c", "shared")]);
  expect(embedder.embedded).toEqual(["shared", "other"]);
});

test("indexes and removes what the arrays held when the call was made", async () => {
  const { indexer, texts } = liveSetUp();
  const documents = [document("a", "one"), document("b", "two")];
  const upserted = indexer.upsert(documents);
  documents.length = 0;
  await upserted;
  expect(await texts()).toEqual(["one", "two"]);
  const ids = ["a", "b"];
  const removed = indexer.remove(ids);
  ids.length = 0;
  await removed;
  expect(await texts()).toEqual([]);
});
