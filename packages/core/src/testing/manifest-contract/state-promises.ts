import assert from "node:assert/strict";
import type { ManifestBinding } from "../../spec/manifest.ts";
import { at, BINDING, entry, listed, type ManifestPromise } from "./contract-entries.ts";

/** Promises about the state that lasts over sessions. */
export const statePromises: readonly ManifestPromise[] = [
  [
    "reports a new source as new, and keeps its records over sessions",
    async ({ manifest }) => {
      const first = await manifest.open(BINDING);
      assert.deepEqual([first.isNew, first.resume, first.epoch], [true, new Map(), undefined]);
      await first.put([entry("a")], { resume: at("cursor-1"), epoch: "epoch-1" });
      assert.deepEqual([first.resume, first.epoch], [at("cursor-1"), "epoch-1"]);
      await first.put([], { resume: at("cursor-2") });
      await first.close();
      const second = await manifest.open(BINDING);
      assert.deepEqual([second.isNew, second.resume, second.epoch], [false, at("cursor-2"), "epoch-1"]);
      assert.deepEqual(await second.get(["a"]), [entry("a")]);
    },
  ],
  [
    "keeps one checkpoint per scope, and a put replaces or removes only those that it names",
    async ({ manifest }) => {
      const odd = "ü 🙂 \ud800 '\"; --";
      const first = await manifest.open(BINDING);
      await first.put([], {
        resume: new Map([
          ["a", "1"],
          ["", "2"],
          [odd, odd],
          ["d", "4"],
        ]),
      });
      await first.put([entry("x")], {
        resume: new Map([
          ["a", "5"],
          ["d", undefined],
          ["nobody", undefined],
        ]),
      });
      const expected = new Map([
        ["a", "5"],
        ["", "2"],
        [odd, odd],
      ]);
      assert.deepEqual(first.resume, expected);
      await first.put([], { resume: new Map() });
      await first.close();
      const second = await manifest.open(BINDING);
      assert.deepEqual([second.resume, second.isNew], [expected, false]);
      await second.forget(["x"]);
      await second.put([], {
        resume: new Map([
          ["a", undefined],
          ["", undefined],
          [odd, undefined],
        ]),
      });
      await second.close();
      const third = await manifest.open(BINDING);
      assert.deepEqual([third.resume, third.isNew], [new Map(), true]);
    },
  ],
  [
    "shows a view the current entries of a session, without its lease",
    async ({ manifest }) => {
      const view = manifest.view(BINDING);
      assert.deepEqual([await listed(view), await view.count(), await view.scopes()], [[], 0, []]);
      assert.deepEqual([await view.get(["a"]), await view.find(["a"])], [[undefined], []]);
      const session = await manifest.open(BINDING);
      await session.put([entry("a"), entry("b", { scope: "other" })]);
      assert.deepEqual(await view.get(["b", "c"]), [entry("b", { scope: "other" }), undefined]);
      assert.deepEqual([await listed(view), await listed(view, { scope: "other" })], [["a", "b"], ["b"]]);
      assert.equal((await view.find(["a"])).length, 2);
      await session.forget(["b"]);
      assert.deepEqual([await view.count(), await view.scopes()], [1, [{ scope: "scope", documents: 1 }]]);
      await session.close();
      assert.deepEqual(await listed(view), ["a"]);
      for (const other of [{ sourceId: "other" }, { collection: "o" }, { tenant: "o" }, { incarnation: "o" }])
        assert.equal(await manifest.view({ ...BINDING, ...other }).count(), 0);
    },
  ],
  [
    "keeps a source new after a session that recorded nothing",
    async ({ manifest }) => {
      await (await manifest.open(BINDING)).close();
      assert.equal((await manifest.open(BINDING)).isNew, true);
    },
  ],
  [
    "hides the entries of another incarnation, and deletes them at the first put",
    async ({ manifest }) => {
      const first = await manifest.open(BINDING);
      await first.put([entry("a")], { resume: at("r"), epoch: "e" });
      await first.close();
      const second = await manifest.open({ ...BINDING, incarnation: "second" });
      assert.deepEqual([second.isNew, second.resume, second.epoch], [true, new Map(), undefined]);
      assert.deepEqual(await listed(second), []);
      assert.deepEqual(await second.get(["a"]), [undefined]);
      assert.deepEqual(await second.find(["a"]), []);
      await second.put([entry("b", { slots: [{ slot: 0, contentHash: "c" }] })]);
      assert.deepEqual(await second.find(["a", "c"]), [{ contentHash: "c", documentId: "b", slot: 0 }]);
      assert.deepEqual([await listed(second), second.resume, second.epoch], [["b"], new Map(), undefined]);
      await second.close();
      const back = await manifest.open(BINDING);
      assert.deepEqual([back.isNew, back.resume, back.epoch], [true, new Map(), undefined]);
      assert.deepEqual(await back.get(["a", "b"]), [undefined, undefined]);
    },
  ],
  [
    "keeps the entries if a session of another incarnation puts nothing",
    async ({ manifest }) => {
      const first = await manifest.open(BINDING);
      await first.put([entry("a")], { resume: at("r"), epoch: "e" });
      await first.close();
      const other = await manifest.open({ ...BINDING, incarnation: "second" });
      const shown = [{ documentId: "a", scope: "scope", version: "v1" }];
      assert.deepEqual(await other.confirm(shown, { config: "config", seenIn: "listing-2" }), [undefined]);
      await other.seen(["a"], "listing-2");
      await other.forget(["a"]);
      await other.close();
      const back = await manifest.open(BINDING);
      assert.deepEqual([back.isNew, back.resume, back.epoch], [false, at("r"), "e"]);
      assert.deepEqual(await back.get(["a"]), [entry("a")]);
    },
  ],
  [
    "keeps separate records for two collections of one source",
    async ({ manifest }) => {
      const other: ManifestBinding = { ...BINDING, collection: "pages-2", incarnation: "its own" };
      for (const [binding, id] of [
        [BINDING, "a"],
        [other, "b"],
        [BINDING, "a"],
      ] as const) {
        const session = await manifest.open(binding);
        await session.put([entry(id)], { resume: at(id), epoch: id });
        await session.close();
      }
      for (const [binding, id] of [
        [BINDING, "a"],
        [other, "b"],
      ] as const) {
        const session = await manifest.open(binding);
        assert.deepEqual([session.isNew, session.resume, session.epoch], [false, at(id), id]);
        assert.deepEqual(await listed(session), [id]);
        await session.close();
      }
    },
  ],
  [
    "separates sources, collections and tenants, which may be open at the same time",
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
        sessions.map((session, i) => session.put([entry(`document-${i}`)], { resume: at(`${i}`) })),
      );
      const contents = await Promise.all(sessions.map((session) => listed(session)));
      assert.deepEqual(
        contents,
        bindings.map((_, i) => [`document-${i}`]),
      );
      assert.deepEqual(
        sessions.map(({ resume }) => resume),
        bindings.map((_, i) => at(`${i}`)),
      );
    },
  ],
];
