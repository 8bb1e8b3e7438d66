import { BinnacleError, type Document, type SourceChange } from "@binnacle/core";
import { expect, test } from "vitest";
import { MemoryManifest } from "../manifests/memory/index.ts";
import { MemoryStore } from "../stores/memory/index.ts";
import { listed, LiveSource, liveSetUp, upsert } from "./fixtures/live-source.ts";
import { observedManifest } from "./fixtures/observed-manifest.ts";
import { observedStore } from "./fixtures/observed-store.ts";

const numbers = Array.from({ length: 20 }, (_, number) => number);
const error = new BinnacleError("unreadable", "locked");
const inA = (number: number): SourceChange => upsert(`a${number}`, `text a${number}`, { scope: "A" });
const inB = (number: number): SourceChange => upsert(`b${number}`, `text b${number}`, { scope: "B" });

const arrivals: [what: string, change: (number: number) => SourceChange][] = [
  ["unchanged documents", (number) => upsert(`a${number}`, `text a${number}`, { scope: "B" })],
  ["edited documents", (number) => upsert(`a${number}`, "edited", { scope: "B" })],
  [
    "documents that cannot be read",
    (number) => ({ type: "unreadable", documentId: `a${number}`, scope: "B", error }),
  ],
  [
    "documents that cannot be loaded",
    (number) => upsert(`a${number}`, "new", { scope: "B", load: () => Promise.reject(error) }),
  ],
  ["documents that the store refuses", (number) => upsert(`a${number}`, "refused", { scope: "B" })],
  ["new documents that the store refuses", (number) => upsert(`new ${number}`, "refused", { scope: "B" })],
];

for (const [what, change] of arrivals) {
  test(`guards a scope whose documents all vanish although as many ${what} come into it`, async () => {
    const memory = new MemoryStore();
    const store = observedStore(memory, {
      refuse: (write) => (write.type === "upsert" && write.chunk.text === "refused" ? error : undefined),
    });
    const { indexer, texts } = liveSetUp({ memory, store, manifest: new MemoryManifest() });
    await indexer.sync(LiveSource.of(...listed(numbers.map(inA), "A"), ...listed(numbers.map(inB), "B")));
    const moved = listed([change(0), ...numbers.map(change)], "B");
    await expect(indexer.sync(LiveSource.of(...moved))).rejects.toThrow(
      "would remove 20 of its 20 documents",
    );
    expect((await texts()).filter((text) => text.startsWith("text b"))).toHaveLength(20);
  });
}

test("does not count a new document that is written while its scope is judged", async () => {
  const judging = Promise.withResolvers<void>();
  const written = Promise.withResolvers<void>();
  let isShown = false;
  const observer = {
    before: async (method: string) => {
      if (method !== "manifest.list" || !isShown) return;
      judging.resolve();
      await written.promise;
    },
    after: async (method: string) => {
      if (method === "write" && isShown) written.resolve();
    },
  };
  const memory = new MemoryStore();
  const first = new MemoryManifest();
  const known = listed(numbers.map(inA), "A");
  await liveSetUp({ memory, manifest: first }).indexer.sync(LiveSource.of(...known));
  const { indexer } = liveSetUp({
    memory,
    store: observedStore(memory, observer),
    manifest: observedManifest(first, observer),
    onEmbed: () => judging.promise,
  });
  const load = async (): Promise<Document> => {
    isShown = true;
    return { id: "new", text: "new", metadata: {} };
  };
  const smaller = [inA(0), upsert("new", "new", { scope: "A", load })];
  await expect(indexer.sync(LiveSource.of(...listed(smaller, "A")))).rejects.toThrow(
    "would remove 19 of its 20 documents",
  );
});

test("takes no answer but true as permission for a mass deletion", async () => {
  const { indexer, texts } = liveSetUp();
  await indexer.sync(LiveSource.of(...listed(numbers.map(inA), "A")));
  const allowMassDelete = () => JSON.parse('"no"');
  const empty = LiveSource.of(...listed([], "A"));
  await expect(indexer.sync(empty, { allowMassDelete })).rejects.toMatchObject({
    code: "mass_delete_refused",
  });
  expect(await texts()).toHaveLength(20);
});
