import { expect, test } from "vitest";
import { IndexModel } from "./fixtures/index-model.ts";
import type { Fault } from "./fixtures/index-world.ts";

// One sync that has everything to do: an edit, a shorter text, another title and metadata, a removal, a rename.
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

const stores = [
  ["a store that tells its epoch", undefined],
  ["a store that never tells it was written to", "fixed"],
] as const;
const afterwards = [
  ["the source stays", () => undefined],
  ["the source is reverted", (model: IndexModel) => model.revertAll()],
] as const;
const kinds: readonly Omit<Fault, "at">[] = (["crash", "error"] as const).flatMap((kind) =>
  (["no", "half", "yes"] as const).map((applied) => ({ kind, applied })),
);

for (const [store, fixedEpoch] of stores) {
  for (const [then, change] of afterwards) {
    test(`T48: a sync struck at any of its calls is made good by the next one, on ${store}, where ${then}`, async () => {
      for (const kind of kinds) {
        let at = 0;
        for (let isStruck = true; isStruck; at++) {
          const model = await prepared(fixedEpoch);
          isStruck = await model.struckSync({ ...kind, at });
          change(model);
          await model.settle();
        }
        expect(at).toBeGreaterThan(20);
      }
    });

    test(`T48: a writer that sleeps at any of its calls overwrites nobody, on ${store}, where ${then}`, async () => {
      let pauseAt = 0;
      for (let hasPaused = true; hasPaused; pauseAt++) {
        const model = await prepared(fixedEpoch);
        hasPaused = await model.secondWriter(pauseAt, () => change(model));
        await model.settle();
      }
      expect(pauseAt).toBeGreaterThan(20);
    });
  }
}
