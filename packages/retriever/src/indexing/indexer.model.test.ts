import { randomUUID } from "node:crypto";
import { pointId } from "@binnacle/core/kit";
import type { StoredPoint, Upsert } from "@binnacle/core";
import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { IndexModel } from "./fixtures/index-model.ts";

// Few and alike, so that equal text, also within one document, and reverts to what was indexed are common.
const id = fc.constantFrom("a", "b/ü 5.md", "c");
const paragraph = fc.constantFrom("# north", "# south", "one two", "three", "four five six");
const text = fc.array(paragraph, { maxLength: 6 }).map((paragraphs) => paragraphs.join("\n\n"));
const metadata = fc.constantFrom(
  {},
  { acl: { role: "admin" } },
  { acl: { role: "guest" } },
  { tags: ["x", "y"] },
);
const scope = fc.constantFrom("all", "north", "south");
const call = fc.nat(45);
const at = fc.nat(12);
const refusedTypes = fc.subarray(["upsert", "patch", "delete"] as const, { minLength: 1 });

/** One thing that happens. */
type Step = (model: IndexModel) => void | Promise<void>;

const step = <T>(
  name: string,
  argument: fc.Arbitrary<T>,
  run: (model: IndexModel, value: T) => void | Promise<void>,
): fc.Arbitrary<Step> =>
  argument.map((value) =>
    Object.assign((model: IndexModel) => run(model, value), {
      toString: () => `${name} ${JSON.stringify(value)}`,
    }),
  );
const plain = (name: string, run: Step): fc.Arbitrary<Step> => step(name, fc.constant(null), run);

const fault = fc.record({
  at: call,
  applied: fc.constantFrom("no" as const, "half" as const, "yes" as const),
  kind: fc.constantFrom("crash" as const, "error" as const),
});

/** What every store notices. */
const steps = [
  step("edit", fc.tuple(id, text), (model, [id, text]) => model.edit(id, { text })),
  step("edit again", fc.tuple(id, text), (model, [id, text]) => model.edit(id, { text })),
  step("edit metadata", fc.tuple(id, metadata), (model, [id, metadata]) => model.edit(id, { metadata })),
  step("retitle", fc.tuple(id, fc.constantFrom("T", "U", null)), (model, [id, title]) =>
    model.edit(id, { title }),
  ),
  step("delete", id, (model, id) => model.delete(id)),
  step("rename", fc.tuple(id, id), (model, [id, to]) => model.rename(id, to)),
  step("move a paragraph", fc.tuple(id, fc.nat(5), id, fc.nat(5)), (model, given) =>
    model.moveParagraph(...given),
  ),
  plain("revert all", (model) => model.revertAll()),
  step("move to a scope", fc.tuple(id, scope), (model, given) => model.moveToScope(...given)),
  step("end a scope", fc.tuple(scope, fc.boolean()), (model, given) => model.endScope(...given)),
  step("make unreadable", id, (model, id) => model.makeUnreadable(id)),
  plain("sync", (model) => model.sync()),
  plain("sync again", (model) => model.sync()),
  step("struck sync", fault, async (model, fault) => void (await model.struckSync(fault))),
  step("another struck sync", fault, async (model, fault) => void (await model.struckSync(fault))),
  step("sync with refused writes", fc.tuple(refusedTypes, fc.integer({ min: 1, max: 3 })), (model, given) =>
    model.refusedSync(...given),
  ),
  step("sync with refused deletes", fc.integer({ min: 1, max: 2 }), (model, every) =>
    model.refusedSync(["delete"], every),
  ),
  plain("aborted listing", (model) => model.abortedListing()),
  step("second writer", fc.tuple(call, id, text), async (model, [pauseAt, id, text]) => {
    await model.secondWriter(pauseAt, () => model.edit(id, { text }));
  }),
  step("second writer after a revert", call, async (model, pauseAt) => {
    await model.secondWriter(pauseAt, () => model.revertAll());
  }),
  plain("wipe the store", (model) => model.world.wipe()),
  plain("lose the manifest", (model) => model.world.loseManifest()),
];

let copy: readonly StoredPoint[] = [];
let restoreManifest: (() => Promise<void>) | undefined;

/** What only an epoch can tell of. */
const silentSteps = [
  plain("copy the store", async (model) => void (copy = await model.world.points())),
  step("restore the copy", fc.boolean(), (model, isNewCollection) =>
    model.world.restore(copy, isNewCollection),
  ),
  plain("copy the manifest", async (model) => void (restoreManifest = await model.world.copyManifest())),
  plain("restore the manifest", async () => restoreManifest?.()),
  step("foreign delete", at, (model, at) => tamper(model, at, ({ id }) => ({ type: "delete", id }))),
  step("foreign patch", at, (model, at) =>
    tamper(model, at, ({ id }) => ({ type: "patch", id, metadata: { forged: true } })),
  ),
  step("foreign text", at, (model, at) =>
    tamper(model, at, ({ id }) => ({ type: "patch", id, chunk: { text: "forged" } })),
  ),
  step("foreign insert", fc.tuple(at, fc.boolean()), (model, [at, isStray]) =>
    tamper(model, at, (point) => inserted(point, isStray)),
  ),
  step("sync while somebody deletes", fc.tuple(fc.nat(90), at), async (model, [call, at]) => {
    await model.disturbedSync(call, () => tamper(model, at, ({ id }) => ({ type: "delete", id })));
  }),
  step("sync while somebody patches", fc.tuple(fc.nat(90), at), async (model, [call, at]) => {
    const patch = ({ id }: StoredPoint) => ({ type: "patch" as const, id, metadata: { forged: true } });
    await model.disturbedSync(call, () => tamper(model, at, patch));
  }),
];

const numRuns = 500 * inject("propertyShare");
const size = { minLength: 4, maxLength: 30 };

test("makes the store equal the sources with one sync after any edits, crashes, restores, lost manifests and second writers, and the next sync costs nothing (T49)", async () => {
  const property = fc.asyncProperty(fc.array(fc.oneof(...steps, ...silentSteps), size), (taken) =>
    walk(new IndexModel(), taken),
  );
  await fc.assert(property, { numRuns });
}, 600_000);

test("survives crashes and second writers with the log alone, on a store whose epoch never changes (T49)", async () => {
  const property = fc.asyncProperty(fc.array(fc.oneof(...steps), size), (taken) =>
    walk(new IndexModel("fixed"), taken),
  );
  await fc.assert(property, { numRuns });
}, 600_000);

async function walk(model: IndexModel, taken: readonly Step[]): Promise<void> {
  copy = [];
  restoreManifest = undefined;
  for (const next of taken) await next(model);
  await model.settle();
  expect(model.world.source.documents.size).toBeLessThan(4);
}

async function tamper(
  { world }: IndexModel,
  at: number,
  write: (point: StoredPoint) => Parameters<IndexModel["world"]["tamper"]>[0][number],
): Promise<void> {
  const point = (await world.points())[at];
  if (point !== undefined) await world.tamper([write(point)]);
}

/** A point that nobody asked for: under an id that no slot has, or in a slot that no entry names. */
function inserted({ version: _, chunk, ...rest }: StoredPoint, isStray: boolean): Upsert {
  const { sourceId, documentId } = chunk;
  const id = isStray ? randomUUID() : pointId({ sourceId, documentId, slot: 77 });
  return { ...rest, type: "upsert", id, chunk: { ...chunk, slot: 77 } };
}
