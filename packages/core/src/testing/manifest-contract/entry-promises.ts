import assert from "node:assert/strict";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import { at, BINDING, entry, listed, type ManifestPromise } from "./contract-entries.ts";

/** Promises about the entries of a manifest. */
export const entryPromises: readonly ManifestPromise[] = [
  [
    "returns entries as they were put, in the order of the ids",
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
    "replaces entries, and keeps the last one within one call",
    async ({ manifest }) => {
      const session = await manifest.open(BINDING);
      await session.put([entry("a", { slots: [{ slot: 9, contentHash: "x" }] })]);
      await session.put([entry("a", { version: "v2" }), entry("a", { version: "v3" })]);
      assert.deepEqual(await session.get(["a"]), [entry("a", { version: "v3" })]);
    },
  ],
  [
    "records all entries of a put or none",
    async ({ manifest }) => {
      const session = await manifest.open(BINDING);
      await session.put([entry("a")]);
      const bad = entry("c", { slots: [{ slot: -1, contentHash: "x" }] });
      const put = session.put([entry("a", { version: "v2" }), entry("b"), bad], {
        resume: at("r"),
        epoch: "e",
      });
      await assert.rejects(put, ConfigurationError);
      assert.deepEqual(await session.get(["a", "b", "c"]), [entry("a"), undefined, undefined]);
      assert.equal(session.resume.size, 0);
      assert.equal(session.epoch, undefined);
    },
  ],
  [
    "removes forgotten entries and ignores missing ones",
    async ({ manifest }) => {
      const session = await manifest.open(BINDING);
      await session.put([entry("a"), entry("b")]);
      await session.forget(["a", "nobody"]);
      await session.forget([]);
      assert.deepEqual(await listed(session), ["b"]);
    },
  ],
  [
    "changes only seenIn for seen documents and ignores unknown ids",
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
    "confirms stored entries that match what is shown, and returns their numbers of slots",
    async ({ manifest }) => {
      const session = await manifest.open(BINDING);
      const odd = "ü 🙂 \ud800 '\"; --";
      const entries = [
        entry("same"),
        entry(odd, { scope: odd, version: odd, slots: [] }),
        entry("newer", { version: "v2" }),
        entry("moved", { scope: "other" }),
        entry("begun", { state: "writing" }),
        entry("failed", { state: "failed" }),
        entry("other config", { config: "other" }),
      ];
      await session.put(entries);
      const shown = entries.map(({ documentId }) => ({ documentId, scope: "scope", version: "v1" }));
      shown.push(
        { documentId: odd, scope: odd, version: odd },
        { documentId: "new", scope: "scope", version: "v1" },
      );
      const found = await session.confirm(shown, { config: "config", seenIn: "listing-2" });
      const none = Array.from({ length: 6 }, () => undefined);
      assert.deepEqual(found, [2, ...none, 0, undefined]);
      assert.deepEqual(await session.get(["same", odd, "newer"]), [
        entry("same", { seenIn: "listing-2" }),
        entry(odd, { scope: odd, version: odd, slots: [], seenIn: "listing-2" }),
        entry("newer", { version: "v2" }),
      ]);
      assert.equal((await listed(session, { notSeenIn: "listing-2" })).length, 5);
      assert.deepEqual(await session.confirm(shown.slice(0, 1), { config: "config" }), [2]);
      assert.deepEqual(await session.get(["same"]), [entry("same", { seenIn: "listing-2" })]);
      assert.deepEqual(await session.confirm([], { config: "config" }), []);
    },
  ],
  [
    "lists entries by document id, and only those that meet every condition",
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
    "counts the entries that list would yield",
    async ({ manifest }) => {
      const session = await manifest.open(BINDING);
      assert.equal(await session.count(), 0);
      await session.put([
        entry("a", { scope: "other" }),
        entry("b", { seenIn: "listing-2" }),
        entry("c", { state: "failed", failure: { code: "c", message: "m" } }),
      ]);
      for (const options of [
        {},
        { scope: "scope" },
        { scope: "nowhere" },
        { notSeenIn: "listing-2" },
        { scope: "scope", notSeenIn: "listing-2" },
        { state: "failed" },
        { scope: "other", state: "failed" },
      ] as const)
        assert.equal(await session.count(options), (await listed(session, options)).length);
    },
  ],
  [
    "returns every scope with its number of entries",
    async ({ manifest }) => {
      const session = await manifest.open(BINDING);
      assert.deepEqual(await session.scopes(), []);
      const odd = "ü 🙂 \ud800 '\"; --";
      await session.put([entry("a"), entry("b"), entry("c", { scope: odd }), entry("d", { scope: "gone" })]);
      await session.put([entry("a", { scope: odd })]);
      await session.forget(["d"]);
      const scopes = (await session.scopes()).map(({ scope, documents }) => [scope, documents] as const);
      assert.deepEqual(
        new Map(scopes),
        new Map([
          ["scope", 1],
          [odd, 2],
        ]),
      );
    },
  ],
  [
    "keeps a failure with its entry until the next put",
    async ({ manifest }) => {
      const session = await manifest.open(BINDING);
      const failed = entry("a", { state: "failed", failure: { code: "too_long", message: "ü '\"" } });
      await session.put([failed, entry("b", { state: "failed" })]);
      assert.deepEqual(await session.get(["a", "b"]), [failed, entry("b", { state: "failed" })]);
      assert.deepEqual(await listed(session, { state: "failed" }), ["a", "b"]);
      await session.put([entry("a")]);
      assert.deepEqual(await session.get(["a"]), [entry("a")]);
    },
  ],
  [
    "orders ids by code points, even beyond U+FFFF",
    async ({ manifest }) => {
      const session = await manifest.open(BINDING);
      const ids = [" ", "A", "a", "a!", "é", "\ud7ff", "\ue000", "\uff5e", "\u{10000}", "😀", "😀a"];
      await session.put(ids.toReversed().map((id) => entry(id, { state: "writing" })));
      assert.deepEqual(await listed(session), ids);
      assert.deepEqual(await listed(session, { state: "writing" }), ids);
    },
  ],
  [
    "allows entries to be put and forgotten during a list",
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
    "stores copies, so that later changes by the caller have no effect",
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
