import assert from "node:assert/strict";
import type { ManifestBinding } from "../../spec/manifest.ts";
import { BINDING, entry, listed, type ManifestPromise } from "./contract-entries.ts";

/** What a manifest promises about what lasts over sessions. */
export const statePromises: readonly ManifestPromise[] = [
  [
    "a new source is new, and stays what was recorded over sessions",
    async ({ manifest }) => {
      const first = await manifest.open(BINDING);
      assert.deepEqual([first.isNew, first.resume, first.epoch], [true, undefined, undefined]);
      await first.put([entry("a")], { resume: "cursor-1", epoch: "epoch-1" });
      assert.deepEqual([first.resume, first.epoch], ["cursor-1", "epoch-1"]);
      await first.put([], { resume: "cursor-2" });
      await first.close();
      const second = await manifest.open(BINDING);
      assert.deepEqual([second.isNew, second.resume, second.epoch], [false, "cursor-2", "epoch-1"]);
      assert.deepEqual(await second.get(["a"]), [entry("a")]);
    },
  ],
  [
    "a session that recorded nothing leaves the source new",
    async ({ manifest }) => {
      await (await manifest.open(BINDING)).close();
      assert.equal((await manifest.open(BINDING)).isNew, true);
    },
  ],
  [
    "another incarnation sees nothing of what was recorded, and its first put discards it for good",
    async ({ manifest }) => {
      const first = await manifest.open(BINDING);
      await first.put([entry("a")], { resume: "r", epoch: "e" });
      await first.close();
      const second = await manifest.open({ ...BINDING, incarnation: "second" });
      assert.deepEqual([second.isNew, second.resume, second.epoch], [true, undefined, undefined]);
      assert.deepEqual(await listed(second), []);
      assert.deepEqual(await second.get(["a"]), [undefined]);
      assert.deepEqual(await second.find(["a"]), []);
      await second.put([entry("b", { slots: [{ slot: 0, contentHash: "c" }] })]);
      assert.deepEqual(await second.find(["a", "c"]), [{ contentHash: "c", documentId: "b", slot: 0 }]);
      assert.deepEqual([await listed(second), second.resume, second.epoch], [["b"], undefined, undefined]);
      await second.close();
      const back = await manifest.open(BINDING);
      assert.deepEqual([back.isNew, back.resume, back.epoch], [true, undefined, undefined]);
      assert.deepEqual(await back.get(["a", "b"]), [undefined, undefined]);
    },
  ],
  [
    "a session of another incarnation that puts nothing leaves what was recorded as it is",
    async ({ manifest }) => {
      const first = await manifest.open(BINDING);
      await first.put([entry("a")], { resume: "r", epoch: "e" });
      await first.close();
      const other = await manifest.open({ ...BINDING, incarnation: "second" });
      await other.seen(["a"], "listing-2");
      await other.forget(["a"]);
      await other.close();
      const back = await manifest.open(BINDING);
      assert.deepEqual([back.isNew, back.resume, back.epoch], [false, "r", "e"]);
      assert.deepEqual(await back.get(["a"]), [entry("a")]);
    },
  ],
  [
    "two collections fed by one source keep their records side by side",
    async ({ manifest }) => {
      const other: ManifestBinding = { ...BINDING, collection: "pages-2", incarnation: "its own" };
      for (const [binding, id] of [
        [BINDING, "a"],
        [other, "b"],
        [BINDING, "a"],
      ] as const) {
        const session = await manifest.open(binding);
        await session.put([entry(id)], { resume: id, epoch: id });
        await session.close();
      }
      for (const [binding, id] of [
        [BINDING, "a"],
        [other, "b"],
      ] as const) {
        const session = await manifest.open(binding);
        assert.deepEqual([session.isNew, session.resume, session.epoch], [false, id, id]);
        assert.deepEqual(await listed(session), [id]);
        await session.close();
      }
    },
  ],
  [
    "sources, collections and tenants are kept apart, and may be open together",
    async ({ manifest }) => {
      const bindings: readonly ManifestBinding[] = [
        BINDING,
        { ...BINDING, sourceId: "other" },
        { ...BINDING, collection: "other" },
        { ...BINDING, tenant: "a" },
        { ...BINDING, tenant: "b" },
      ];
      const sessions = await Promise.all(bindings.map((binding) => manifest.open(binding)));
      await Promise.all(
        sessions.map((session, i) => session.put([entry(`document-${i}`)], { resume: `${i}` })),
      );
      const contents = await Promise.all(sessions.map((session) => listed(session)));
      assert.deepEqual(
        contents,
        bindings.map((_, i) => [`document-${i}`]),
      );
      assert.deepEqual(
        sessions.map(({ resume }) => resume),
        bindings.map((_, i) => `${i}`),
      );
    },
  ],
];
