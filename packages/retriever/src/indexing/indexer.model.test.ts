import { BinnacleError } from "@binnacle/core";
import { FakeEmbedder } from "@binnacle/core/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { embeddedText } from "./fingerprint/document-fingerprint.ts";
import { faulty, IndexWorld, type Fault } from "./fixtures/index-world.ts";
import { paragraphChunker } from "./fixtures/paragraph-chunker.ts";
import { verifyIndex } from "./verify-index.ts";

const ids = ["a", "b", "c", "dir/d.md", "ü 5"];
// Few and alike, so that equal text, also within one document, is common.
const paragraphs = ["# north", "# south", "one two", "three", "four five six", "seven", "one two three"];
const metadata = [{}, { acl: { role: "admin" } }, { acl: { role: "guest" } }, { tags: ["x", "y"] }];

const id = fc.constantFrom(...ids);
const text = fc.array(fc.constantFrom(...paragraphs), { maxLength: 6 });
const fault: fc.Arbitrary<Fault> = fc.record({
  at: fc.nat(45),
  applied: fc.constantFrom("no", "half", "yes"),
  kind: fc.constantFrom("crash", "error"),
});

const command = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant("edit" as const), id, text }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("edit-metadata" as const), id, value: fc.nat(3) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant("retitle" as const),
      id,
      title: fc.option(fc.constantFrom("T", "U")),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("revert" as const), id }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("delete" as const), id }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("rename" as const), id, to: id }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("move-paragraph" as const),
      id,
      to: id,
      from: fc.nat(5),
      at: fc.nat(5),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("make-unreadable" as const), id }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant("sync" as const) }) },
  { weight: 6, arbitrary: fc.record({ type: fc.constant("struck-sync" as const), fault }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("aborted-listing" as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant("second-writer" as const), pauseAt: fc.nat(45), id, text }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("wipe-store" as const) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("lose-manifest" as const) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("copy-store" as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant("restore-store" as const), isNewCollection: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("copy-manifest" as const) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("restore-manifest" as const) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("foreign-delete" as const), at: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("foreign-patch" as const), at: fc.nat(20) }) },
);
const numRuns = Number(process.env["BINNACLE_MODEL_RUNS"] ?? 500);
type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;

test("T49: after any edits, crashes, restores and second writers one sync makes the store equal the sources, and the next costs nothing", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 30 }), async (commands) => {
      const model = new Model();
      for (const next of commands) await model.run(next);
      await model.settle();
    }),
    { numRuns },
  );
}, 600_000);

// Only an epoch can tell of these.
const silent = ["restore-store", "restore-manifest", "foreign-delete", "foreign-patch"];

test("T49: the log alone makes crashes and second writers harmless, on a store that never tells it was written to", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 30 }), async (commands) => {
      const model = new Model("fixed");
      for (const next of commands) if (!silent.includes(next.type)) await model.run(next);
      await model.settle();
    }),
    { numRuns },
  );
}, 600_000);

class Model {
  readonly #world: IndexWorld;
  readonly #history = new Map<
    string,
    { text: string; metadata: (typeof metadata)[number]; title?: string | undefined }[]
  >();
  #copy: Awaited<ReturnType<IndexWorld["points"]>> = [];
  #restoreManifest: (() => Promise<void>) | undefined;

  constructor(fixedEpoch?: string) {
    this.#world = new IndexWorld(fixedEpoch);
  }

  async run(next: Command): Promise<void> {
    const world = this.#world;
    switch (next.type) {
      case "edit":
        return this.#put(next.id, { text: next.text.join("\n\n") });
      case "edit-metadata":
        return this.#put(next.id, { metadata: metadata[next.value] ?? {} });
      case "retitle":
        return this.#put(next.id, { title: next.title ?? undefined });
      case "revert": {
        const [previous] = this.#history.get(next.id)?.splice(-2, 1) ?? [];
        if (previous !== undefined)
          world.source.put(next.id, previous.text, previous.metadata, previous.title);
        return;
      }
      case "delete":
        return void world.source.documents.delete(next.id);
      case "rename": {
        const document = world.source.documents.get(next.id);
        if (document === undefined) return;
        world.source.documents.delete(next.id);
        world.source.documents.set(next.to, document);
        return;
      }
      case "move-paragraph": {
        const from = [...(world.source.documents.get(next.id)?.paragraphs ?? [])];
        const moved = from.splice(next.from, 1);
        if (moved.length === 0) return;
        this.#put(next.id, { text: from.join("\n\n") });
        const to = [...(world.source.documents.get(next.to)?.paragraphs ?? [])];
        to.splice(next.at, 0, ...moved);
        return this.#put(next.to, { text: to.join("\n\n") });
      }
      case "make-unreadable": {
        const document = world.source.documents.get(next.id);
        if (document !== undefined) world.source.documents.set(next.id, { ...document, isUnreadable: true });
        return;
      }
      case "sync":
        return this.#sync();
      case "struck-sync":
        return this.#struckSync(next.fault);
      case "aborted-listing":
        return this.#abortedListing();
      case "second-writer":
        return this.#secondWriter(next.pauseAt, () => this.#put(next.id, { text: next.text.join("\n\n") }));
      case "wipe-store":
        return world.wipe();
      case "lose-manifest":
        world.wait();
        return world.loseManifest();
      case "copy-store":
        this.#copy = await world.points();
        return;
      case "restore-store":
        return world.restore(this.#copy, next.isNewCollection);
      case "copy-manifest":
        this.#restoreManifest = await world.copyManifest();
        return;
      case "restore-manifest":
        return this.#restoreManifest?.();
      case "foreign-delete": {
        const point = (await world.points())[next.at];
        return world.tamper(point === undefined ? [] : [{ type: "delete", id: point.id }]);
      }
      case "foreign-patch": {
        const point = (await world.points())[next.at];
        return world.tamper(
          point === undefined ? [] : [{ type: "patch", id: point.id, metadata: { forged: true } }],
        );
      }
      default:
        next satisfies never;
    }
  }

  /** What the property promises. */
  async settle(): Promise<void> {
    const { source } = this.#world;
    for (const [id, document] of source.documents)
      source.documents.set(id, { ...document, isUnreadable: false });
    this.#world.wait();
    await this.#sync();
    await this.#expectEqual();
    const manifest = this.#world.manifest;
    const verdict = await verifyIndex({
      store: this.#world.store,
      index: this.#world.index(),
      source,
      manifest,
    });
    expect(verdict).toMatchObject({ ok: true, differences: [] });
    const again = this.#world.start();
    source.loads = 0;
    const report = await again.indexer.sync(source);
    expect([again.embeddings(), again.writes(), source.loads]).toEqual([0, 0, 0]);
    expect(report).toMatchObject({ embeddings: 0, pointsWritten: 0, pointsDeleted: 0 });
  }

  #put(
    id: string,
    change: { text?: string; metadata?: (typeof metadata)[number]; title?: string | undefined },
  ): void {
    const { documents } = this.#world.source;
    const now = documents.get(id);
    const state = {
      text: change.text ?? now?.paragraphs.join("\n\n") ?? "",
      metadata: change.metadata ?? now?.metadata ?? {},
      title: "title" in change ? change.title : now?.title,
    };
    this.#history.set(id, [...(this.#history.get(id) ?? []), state]);
    this.#world.source.put(id, state.text, state.metadata, state.title);
  }

  /** A run to its end: does what the plan said, as often as it said. */
  async #sync(): Promise<void> {
    const { source } = this.#world;
    const plan = await this.#world.start().indexer.plan(source);
    const process = this.#world.start();
    const report = await process.indexer.sync(source);
    expect({ ...plan, durationMs: 0 }).toEqual({ ...report, durationMs: 0 });
    expect(process.embeddings()).toBe(report.embeddings);
    expect(process.writes()).toBe(report.pointsWritten + report.pointsDeleted);
    if ([...source.documents.values()].every(({ isUnreadable }) => isUnreadable !== true))
      await this.#expectEqual();
  }

  async #struckSync(fault: Fault): Promise<void> {
    const { indexer } = this.#world.start(faulty(fault));
    const result = await outcome(indexer.sync(this.#world.source));
    if (result !== "done") expect(["struck", "dead"]).toContain(result);
    this.#world.wait();
  }

  async #abortedListing(): Promise<void> {
    const { source } = this.#world;
    source.breaksOff = true;
    const before = new Set((await this.#world.points()).map(({ chunk }) => chunk.documentId));
    const report = await this.#world.start().indexer.sync(source);
    source.breaksOff = false;
    expect(report).toMatchObject({ documents: { removed: 0 }, incomplete: [{ scope: "all" }] });
    const emptied = [...before].filter((id) => source.documents.get(id)?.paragraphs.length === 0);
    const after = new Set((await this.#world.points()).map(({ chunk }) => chunk.documentId));
    expect([...before].filter((id) => !after.has(id) && !emptied.includes(id))).toEqual([]);
  }

  /** One process stops in the middle, its lease runs out, the source is edited, another process syncs, the first wakes. */
  async #secondWriter(pauseAt: number, edit: () => void): Promise<void> {
    let calls = 0;
    let reached: () => void = () => undefined;
    let release: () => void = () => undefined;
    const pause = new Promise<void>((resolve) => (reached = resolve));
    const gate = new Promise<void>((resolve) => (release = resolve));
    const sleeper = this.#world.start({
      before: async () => {
        if (calls++ !== pauseAt) return;
        reached();
        await gate;
      },
    });
    const slept = outcome(sleeper.indexer.sync(this.#world.source));
    await Promise.race([pause, slept]);
    this.#world.wait();
    edit();
    await this.#sync();
    const state = await this.#world.points();
    const writes = sleeper.writes();
    release();
    // It either had not begun, and now does the same work, or it finds that its lease is gone.
    if ((await slept) !== "done") {
      expect(await slept).toBe("lease_lost");
      expect(sleeper.writes()).toBe(writes);
      expect(await this.#world.points()).toEqual(state);
    }
  }

  /** Compares without any of the code under test but the chunker. */
  async #expectEqual(): Promise<void> {
    const wanted = [];
    for (const [documentId, { paragraphs, metadata, title }] of this.#world.source.documents) {
      const text = paragraphs.join("\n\n");
      const document = { id: documentId, text, mediaType: "text/plain", metadata };
      for (const { start, end, text, context, index } of paragraphChunker.chunk(document)) {
        wanted.push({ documentId, start, end, text, context, index, title, metadata });
      }
    }
    const points = await this.#world.points();
    const found = points.map(({ chunk, metadata }) => {
      const { documentId, start, end, text, context, index, title } = chunk;
      return { documentId, start, end, text, context, index, title, metadata };
    });
    const byPlace = (a: { documentId: string; index: number }, b: typeof a): number =>
      a.documentId < b.documentId ? -1 : a.documentId > b.documentId ? 1 : a.index - b.index;
    expect(found.sort(byPlace)).toEqual(wanted.sort(byPlace));
    const texts = points.map(({ chunk }) => embeddedText(chunk));
    const { outcomes } = await new FakeEmbedder().embed(texts, { role: "document" });
    expect(points.map(({ dense }) => dense)).toEqual(outcomes);
  }
}

/** `done`, or the code of the error. */
async function outcome(run: Promise<unknown>): Promise<string> {
  try {
    await run;
    return "done";
  } catch (error) {
    if (BinnacleError.isInstance(error)) return error.code;
    throw error;
  }
}
