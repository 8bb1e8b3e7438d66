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
    "another incarnation discards everything that was recorded, for good",
    async ({ manifest }) => {
      const first = await manifest.open(BINDING);
      await first.put([entry("a")], { resume: "r", epoch: "e" });
      await first.close();
      const second = await manifest.open({ ...BINDING, incarnation: "second" });
      assert.deepEqual([second.isNew, second.resume, second.epoch], [true, undefined, undefined]);
      assert.deepEqual(await listed(second), []);
      await second.close();
      const back = await manifest.open(BINDING);
      assert.equal(back.isNew, true);
      assert.deepEqual(await back.get(["a"]), [undefined]);
    },
  ],
  [
    "sources and tenants are kept apart, and may be open together",
    async ({ manifest }) => {
      const bindings: readonly ManifestBinding[] = [
        BINDING,
        { ...BINDING, sourceId: "other" },
        { ...BINDING, tenant: "a" },
        { ...BINDING, tenant: "b" },
      ];
      const sessions = await Promise.all(bindings.map((binding) => manifest.open(binding)));
      await Promise.all(
        sessions.map((session, i) => session.put([entry(`document-${i}`)], { resume: `${i}` })),
      );
      const contents = await Promise.all(sessions.map((session) => listed(session)));
      assert.deepEqual(contents, [["document-0"], ["document-1"], ["document-2"], ["document-3"]]);
      assert.deepEqual(
        sessions.map(({ resume }) => resume),
        ["0", "1", "2", "3"],
      );
    },
  ],
];
