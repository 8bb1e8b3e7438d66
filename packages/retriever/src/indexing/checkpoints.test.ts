import type { SourceChange } from "@binnacle/core";
import { expect, test } from "vitest";
import {
  checkpoint,
  listed,
  listing,
  LiveSource,
  liveSetUp,
  removed,
  upsert,
} from "./fixtures/live-source.ts";

const documents = (from: number, to: number): SourceChange[] =>
  Array.from({ length: to - from }, (_, at) => upsert(`${from + at}`, `text ${from + at}`));

test("asks the source for a full listing after a refused mass deletion, so that the way out of the message works", async () => {
  const { indexer, texts } = liveSetUp();
  await indexer.sync(LiveSource.of(...listed(documents(0, 30)), checkpoint("10")));
  const shrunk = LiveSource.of(...listed(documents(0, 5)), checkpoint("20"));
  await expect(indexer.sync(shrunk)).rejects.toMatchObject({ code: "mass_delete_refused" });
  const again = LiveSource.of(...listed(documents(0, 5)), checkpoint("30"));
  const report = await indexer.sync(again, { allowMassDelete: true });
  expect([report.documents.removed, (await texts()).length]).toEqual([25, 5]);
  const last = LiveSource.of();
  await indexer.sync(last);
  expect([...shrunk.resumed, ...again.resumed, ...last.resumed]).toEqual(["10", undefined, "30"]);
});

test("deletes a checkpoint that the same run recorded before a refusal", async () => {
  const { indexer } = liveSetUp();
  await indexer.sync(LiveSource.of(...listed(documents(0, 30)), checkpoint("10")));
  const source = LiveSource.of(upsert("new", "new"), checkpoint("20"), ...listed([], "other"), ...listed([]));
  await expect(indexer.sync(source)).rejects.toMatchObject({ code: "mass_delete_refused" });
  const next = LiveSource.of();
  await indexer.sync(next);
  expect(next.resumed).toEqual([undefined]);
});

test("forgets a refusal that a later listing of the same run cancels", async () => {
  const { indexer } = liveSetUp();
  await indexer.sync(LiveSource.of(...listed(documents(0, 30))));
  const source = LiveSource.of(
    ...listed([]),
    checkpoint("20"),
    ...listed(documents(0, 30)),
    checkpoint("30"),
  );
  expect(await indexer.sync(source)).toMatchObject({ documents: { removed: 0 }, incomplete: [] });
  const next = LiveSource.of();
  await indexer.sync(next);
  expect(next.resumed).toEqual(["30"]);
});

for (const [state, ends] of [
  ["broke off", [listing("aborted")]],
  ["did not end", []],
] as const) {
  test(`records no checkpoint after a listing that ${state}`, async () => {
    const { indexer, texts } = liveSetUp();
    await indexer.sync(LiveSource.of(...listed(documents(0, 3)), checkpoint("10")));
    const cut = [listing("started"), ...documents(0, 1), ...ends, ...listed([], "other"), checkpoint("20")];
    const broken = await indexer.sync(LiveSource.of(...cut));
    expect(broken.incomplete).toHaveLength(1);
    const next = LiveSource.of(removed("1"), ...listed(documents(0, 1)), checkpoint("30"));
    await indexer.sync(next);
    expect([next.resumed, await texts()]).toEqual([["10"], ["text 0"]]);
  });
}

test("records a checkpoint that waited for a listing once the listing is complete", async () => {
  const { indexer } = liveSetUp();
  const listing = listed(documents(0, 3));
  await indexer.sync(LiveSource.of(...listing.slice(0, 2), checkpoint("10"), ...listing.slice(2)));
  const next = LiveSource.of();
  await indexer.sync(next);
  expect(next.resumed).toEqual(["10"]);
});
