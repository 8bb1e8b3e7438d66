import type { Document, SourceChange } from "@binnacle/core";
import { expect, test } from "vitest";
import { defineIndex } from "./options/define-index.ts";
import { listed, LiveSource, liveSetUp, upsert } from "./fixtures/live-source.ts";
import { paragraphChunker } from "./fixtures/paragraph-chunker.ts";
import { verifyIndex } from "./verify-index.ts";

const pod = (revision: string, text = "The pod runs."): SourceChange =>
  upsert("pod", text, {
    load: async () => ({ id: "pod", text, metadata: {}, observed: { revision } }),
  });

test("stores observed facts without a write of their own, and verifyIndex reports no difference", async () => {
  const { indexer, store, embedder, points } = liveSetUp();
  await indexer.sync(LiveSource.of(...listed([pod("1")])));
  const source = LiveSource.of(...listed([pod("2")]));
  expect(await indexer.sync(source, { recheck: true })).toMatchObject({ pointsWritten: 0 });
  const index = defineIndex({ name: "live", chunker: paragraphChunker, embedder });
  const again = LiveSource.of(...listed([pod("3")]));
  expect(await verifyIndex({ store, index, source: again, manifest: store.manifest })).toMatchObject({
    ok: true,
  });
  const observed = async (): Promise<unknown> => (await points()).map(({ chunk }) => chunk.observed);
  expect(await observed()).toEqual([{ revision: "1" }]);
  await indexer.sync(LiveSource.of(...listed([pod("4", "The pod has stopped.")])));
  expect(await observed()).toEqual([{ revision: "4" }]);
  const without = upsert("pod", "It is back.");
  await indexer.sync(LiveSource.of(...listed([without])));
  expect(await observed()).toEqual([undefined]);
});

test("refuses observed facts that JSON would change, and names their place", async () => {
  const { indexer } = liveSetUp();
  const observed = {};
  Object.assign(observed, { at: new Date(0) });
  const load = async (): Promise<Document> => ({ id: "a", text: "one", metadata: {}, observed });
  const report = await indexer.sync(LiveSource.of(upsert("a", "one", { load })));
  expect(report.failures).toMatchObject([
    { code: "invalid_metadata", message: expect.stringContaining("observed.at") },
  ]);
});
