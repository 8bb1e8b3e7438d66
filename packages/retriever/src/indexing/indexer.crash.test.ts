import { expect, inject, test } from "vitest";
import { IndexModel } from "./fixtures/index-model.ts";
import { faulty, type Fault } from "./fixtures/index-world.ts";

// One sync that has everything to do: an edit, a shorter text, another title and metadata, a removal, a
// rename.
async function prepared(fixedEpoch: string | undefined): Promise<IndexModel> {
  const model = new IndexModel(fixedEpoch);
  model.edit("edited", { text: "# one\n\ntwo\n\nthree\n\nfour" });
  model.edit("shorter", { text: "five\n\nsix\n\nseven", title: "Title" });
  model.edit("removed", { text: "eight\n\nnine" });
  model.edit("renamed", { text: "ten\n\neleven" });
  await model.sync();
  model.edit("edited", {
    text: "# one\n\nthree\n\ntwo and a half\n\nfour",
    metadata: { acl: { role: "guest" } },
  });
  model.edit("shorter", { text: "six", title: null });
  model.delete("removed");
  model.rename("renamed", "other");
  return model;
}

// The quick size strikes at every fifth call, each kind of fault at other calls.
const stride = Math.max(1, Math.round(1 / inject("propertyShare")));

const stores = [
  ["a store that tells its epoch", undefined],
  ["a store that never tells it was written to", "fixed"],
] as const;
const afterwards = [
  ["the source stays", () => undefined],
  ["the source is reverted", (model: IndexModel) => model.revertAll()],
] as const;
const kinds: readonly Omit<Fault, "at">[] = [
  { kind: "crash", applied: "no" },
  { kind: "crash", applied: "half" },
  { kind: "crash", applied: "yes" },
  { kind: "error", applied: "yes" },
];

for (const [store, fixedEpoch] of stores) {
  for (const [then, change] of afterwards) {
    test(`repairs a sync that failed at any of its calls with the next sync, on ${store}, where ${then} (T48)`, async () => {
      for (const [offset, kind] of kinds.entries()) {
        let at = offset % stride;
        for (let isStruck = true; isStruck; at += stride) {
          const model = await prepared(fixedEpoch);
          isStruck = await model.struckSync({ ...kind, at });
          change(model);
          await model.settle();
        }
        expect(at).toBeGreaterThan(20);
      }
    });

    test(`lets no writer that slept at any of its calls overwrite its successor, on ${store}, where ${then} (T48)`, async () => {
      let pauseAt = 0;
      for (let hasPaused = true; hasPaused; pauseAt += stride) {
        const model = await prepared(fixedEpoch);
        hasPaused = await model.secondWriter(pauseAt, () => change(model));
        await model.settle();
      }
      expect(pauseAt).toBeGreaterThan(20);
    });
  }
}

for (const victim of [0, 6]) {
  test(`restores point ${victim} with the next sync if another process deletes it at any moment of a sync`, async () => {
    let at = 0;
    for (let isReached = true; isReached; at += stride) {
      const model = await prepared(undefined);
      isReached = await model.disturbedSync(at, async () => {
        const point = (await model.world.points())[victim];
        if (point !== undefined) await model.world.tamper([{ type: "delete", id: point.id }]);
      });
      await model.settle();
    }
    expect(at).toBeGreaterThan(40);
  });
}

test("does not finish a removal if the document exists again but cannot be read", async () => {
  let at = 0;
  for (let isStruck = true; isStruck; at += stride) {
    const model = await prepared(undefined);
    isStruck = await model.struckSync({ kind: "crash", applied: "half", at });
    model.revertAll();
    model.makeUnreadable("removed");
    await model.sync();
    await model.settle();
  }
});

test("finishes an interrupted pushed removal with the next push", async () => {
  let at = 0;
  for (let isStruck = true; isStruck; at += stride) {
    const { world } = new IndexModel("fixed");
    const document = { id: "a", text: "one\n\ntwo", mediaType: "text/plain", metadata: {} };
    await world.start().indexer.upsert([document]);
    const struck = world.start(faulty({ kind: "crash", applied: "half", at }));
    isStruck = await struck.indexer.remove(["a"]).then(
      () => false,
      () => true,
    );
    world.wait();
    await world.start().indexer.upsert([]);
    expect([0, 2]).toContain((await world.points()).length);
    await world.start().indexer.remove(["a"]);
    expect(await world.points()).toEqual([]);
  }
});
