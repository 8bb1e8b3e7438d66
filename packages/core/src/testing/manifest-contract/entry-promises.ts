import assert from "node:assert/strict";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import { BINDING, entry, listed, type ManifestPromise } from "./contract-entries.ts";

/** What a manifest promises about its entries. */
export const entryPromises: readonly ManifestPromise[] = [
  [
    "entries come back as they were put, in the order asked",
    async ({ manifest }) => {
      const session = await manifest.open(BINDING);
      const odd = entry("ü 🙂 '\"; --", { scope: "", version: "", state: "removing", slots: [] });
      await session.put([entry("a", { state: "writing" }), odd]);
      assert.deepEqual(await session.get([odd.documentId, "b", "a"]), [
        odd,
        undefined,
        entry("a", { state: "writing" }),
      ]);
      assert.deepEqual(await session.get([]), []);
    },
  ],
  [
    "put replaces, also within one call, where the last one counts",
    async ({ manifest }) => {
      const session = await manifest.open(BINDING);
      await session.put([entry("a", { slots: [{ slot: 9, contentHash: "x" }] })]);
      await session.put([entry("a", { version: "v2" }), entry("a", { version: "v3" })]);
      assert.deepEqual(await session.get(["a"]), [entry("a", { version: "v3" })]);
    },
  ],
  [
    "put records all entries or none",
    async ({ manifest }) => {
      const session = await manifest.open(BINDING);
      await session.put([entry("a")]);
      const bad = entry("c", { slots: [{ slot: -1, contentHash: "x" }] });
      const put = session.put([entry("a", { version: "v2" }), entry("b"), bad], { resume: "r", epoch: "e" });
      await assert.rejects(put, ConfigurationError);
      assert.deepEqual(await session.get(["a", "b", "c"]), [entry("a"), undefined, undefined]);
      assert.equal(session.resume, undefined);
      assert.equal(session.epoch, undefined);
    },
  ],
  [
    "forget removes entries, and those that are not there do not matter",
    async ({ manifest }) => {
      const session = await manifest.open(BINDING);
      await session.put([entry("a"), entry("b")]);
      await session.forget(["a", "nobody"]);
      await session.forget([]);
      assert.deepEqual(await listed(session), ["b"]);
    },
  ],
  [
    "seen changes seenIn and nothing else, and unknown ids do not matter",
    async ({ manifest }) => {
      const session = await manifest.open(BINDING);
      await session.put([entry("a", { state: "writing" }), entry("b")]);
      await session.seen(["a", "nobody"], "listing-2");
      assert.deepEqual(await session.get(["a", "b", "nobody"]), [
        entry("a", { state: "writing", seenIn: "listing-2" }),
        entry("b"),
        undefined,
      ]);
    },
  ],
  [
    "list yields entries by document id, and only those that every condition chooses",
    async ({ manifest }) => {
      const session = await manifest.open(BINDING);
      await session.put([
        entry("d", { scope: "other" }),
        entry("b", { seenIn: "listing-2" }),
        entry("a", { state: "writing" }),
        entry("c", { seenIn: "listing-2", state: "removing" }),
      ]);
      assert.deepEqual(await listed(session), ["a", "b", "c", "d"]);
      assert.deepEqual(await listed(session, { scope: "scope" }), ["a", "b", "c"]);
      assert.deepEqual(await listed(session, { notSeenIn: "listing-2" }), ["a", "d"]);
      assert.deepEqual(await listed(session, { state: "stored" }), ["b", "d"]);
      assert.deepEqual(await listed(session, { scope: "scope", notSeenIn: "listing-2", state: "writing" }), [
        "a",
      ]);
      assert.deepEqual(await listed(session, { scope: "nowhere" }), []);
    },
  ],
  [
    "ids are ordered code point by code point, also beyond U+FFFF",
    async ({ manifest }) => {
      const session = await manifest.open(BINDING);
      const ids = [" ", "A", "a", "a!", "é", "\ud7ff", "\ue000", "\uff5e", "\u{10000}", "😀", "😀a"];
      await session.put(ids.toReversed().map((id) => entry(id, { state: "writing" })));
      assert.deepEqual(await listed(session), ids);
      assert.deepEqual(await listed(session, { state: "writing" }), ids);
    },
  ],
  [
    "entries may be put and forgotten while a list runs",
    async ({ manifest }) => {
      const session = await manifest.open(BINDING);
      const ids = Array.from({ length: 600 }, (_, i) => `d${String(i).padStart(4, "0")}`);
      await session.put(ids.map((id) => entry(id)));
      const shown: string[] = [];
      for await (const { documentId } of session.list()) {
        shown.push(documentId);
        await session.forget([documentId]);
        await session.put([entry(`a-${documentId}`)]);
      }
      assert.deepEqual(
        shown.filter((id) => id.startsWith("d")),
        ids,
      );
      assert.equal((await listed(session)).length, 600);
    },
  ],
  [
    "what the caller changes afterwards does not change the manifest",
    async ({ manifest }) => {
      const session = await manifest.open(BINDING);
      const slots = [{ slot: 0, contentHash: "a" }];
      await session.put([entry("a", { slots })]);
      slots.push({ slot: 1, contentHash: "b" });
      const [read] = await session.get(["a"]);
      assert.equal(read?.slots.length, 1);
    },
  ],
];
