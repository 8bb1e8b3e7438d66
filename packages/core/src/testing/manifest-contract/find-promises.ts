import assert from "node:assert/strict";
import type { ManifestPlace, ManifestSession } from "../../spec/manifest.ts";
import { BINDING, entry, type ManifestPromise } from "./contract-entries.ts";

const mostPlaces = 8;

/** Promises about the places of contents. */
export const findPromises: readonly ManifestPromise[] = [
  [
    "finds the place of each content, and no place of an unknown content",
    async ({ manifest }) => {
      const session = await manifest.open(BINDING);
      const odd = "ü 🙂 \ud800 '\"; --";
      await session.put([
        entry("a", {
          slots: [
            { slot: 0, contentHash: "x" },
            { slot: 7, contentHash: odd },
          ],
        }),
        entry(odd, { slots: [{ slot: 2, contentHash: "y" }] }),
      ]);
      assert.deepEqual(await placesOf(session, ["x", "y", "z", odd]), ["7 a", "0 a", "2 " + odd].sort());
      assert.deepEqual(await session.find([]), []);
      assert.deepEqual(await session.find(["y"]), [{ contentHash: "y", documentId: odd, slot: 2 }]);
    },
  ],
  [
    "finds only entries that are stored, in their current state",
    async ({ manifest }) => {
      const session = await manifest.open(BINDING);
      const [x, y] = [[{ slot: 0, contentHash: "x" }], [{ slot: 0, contentHash: "y" }]];
      await session.put([entry("a", { slots: x }), entry("b", { slots: x, state: "writing" })]);
      assert.deepEqual(await placesOf(session, ["x"]), ["0 a"]);
      await session.seen(["a", "b"], "listing-2");
      assert.deepEqual(await placesOf(session, ["x"]), ["0 a"]);
      await session.put([entry("a", { slots: x, state: "removing" }), entry("b", { slots: x })]);
      assert.deepEqual(await placesOf(session, ["x"]), ["0 b"]);
      await session.put([entry("b", { slots: y })]);
      assert.deepEqual(await placesOf(session, ["x", "y"]), ["0 b"]);
      await session.put([entry("a", { slots: x })]);
      await session.forget(["b", "nobody"]);
      assert.deepEqual(await placesOf(session, ["x", "y"]), ["0 a"]);
    },
  ],
  [
    "finds a few places of a content that all documents hold",
    async ({ manifest }) => {
      const session = await manifest.open(BINDING);
      const ids = Array.from({ length: 30 }, (_, i) => `d${i}`);
      await session.put(ids.map((id) => entry(id, { slots: [{ slot: 1, contentHash: "x" }] })));
      await session.forget(ids.slice(0, 20));
      const places = await placesOf(session, ["x"]);
      assert.ok(places.length >= 1 && places.length <= mostPlaces, `${places.length} places`);
      assert.equal(new Set(places).size, places.length);
      assert.deepEqual(await placesOf(session, ["x", "x"]), places);
      for (const place of places) assert.ok(ids.slice(20).includes(place.slice("1 ".length)), place);
    },
  ],
  [
    "finds places after a new session, and separates sources and collections",
    async ({ manifest }) => {
      const first = await manifest.open(BINDING);
      await first.put([entry("a")]);
      await first.close();
      assert.deepEqual(await placesOf(await manifest.open(BINDING), ["a", "b"]), ["0 a", "3 a"]);
      for (const other of [{ sourceId: "other" }, { collection: "other" }, { tenant: "other" }]) {
        assert.deepEqual(await (await manifest.open({ ...BINDING, ...other })).find(["a", "b"]), []);
      }
    },
  ],
];

/** Returns slot and document of each place, in order. */
async function placesOf(
  session: ManifestSession,
  contentHashes: readonly string[],
): Promise<readonly string[]> {
  const places: readonly ManifestPlace[] = await session.find(contentHashes);
  for (const { contentHash } of places) assert.ok(contentHashes.includes(contentHash));
  return places.map(({ slot, documentId }) => `${slot} ${documentId}`).sort();
}
