import {
  BinnacleError,
  type ChangesOptions,
  type DocumentSource,
  type SourceChange,
  type UpsertChange,
} from "@binnacle/core";
import { FakeEmbedder } from "@binnacle/core/testing";
import { expect, onTestFinished, test, vi } from "vitest";
import { MemoryManifest } from "../manifests/memory/index.ts";
import { defineIndex } from "./options/define-index.ts";
import { LiveSource, listed, listing, liveSetUp, upsert, type LiveSetting } from "./fixtures/live-source.ts";
import { paragraphChunker } from "./fixtures/paragraph-chunker.ts";
import { verifyIndex } from "./verify-index.ts";

const forever = new Promise<never>(() => undefined);

/** Says what it is given and then hangs, whatever its signal says. */
class HangingSource implements DocumentSource {
  readonly id = "live";
  readonly #said: readonly SourceChange[];
  readonly #goOn: Promise<void>;
  signal: AbortSignal | undefined;

  constructor(changes: readonly SourceChange[], goOn: Promise<void> = forever) {
    this.#said = changes;
    this.#goOn = goOn;
  }

  async *changes({ signal }: ChangesOptions): AsyncGenerator<SourceChange> {
    this.signal = signal;
    for (const change of this.#said) yield change;
    await this.#goOn;
    throw new Error("the source failed when nobody read it any more");
  }
}

const hangingLoad = (): HangingSource => new HangingSource([upsert("a", "one", { load: () => forever })]);
const hangingNext = (): HangingSource => new HangingSource([upsert("a", "one")]);
const index = defineIndex({ name: "live", chunker: paragraphChunker, embedder: new FakeEmbedder() });

interface Limits {
  readonly signal: AbortSignal;
  readonly deadlineAt?: number | undefined;
}

const calls: Record<
  string,
  (setting: LiveSetting, source: DocumentSource, limits: Limits) => Promise<unknown>
> = {
  sync: ({ indexer }, source, limits) => indexer.sync(source, limits),
  plan: ({ indexer }, source, limits) => indexer.plan(source, limits),
  follow: ({ indexer }, source, limits) => indexer.follow(source, { ...limits, flushMs: 1 }).done,
  verifyIndex: ({ store }, source, limits) => verifyIndex({ store, index, source, ...limits }),
};

for (const [name, call] of Object.entries(calls)) {
  for (const [what, create] of [
    ["a source that hangs", hangingNext],
    ["a document that hangs", hangingLoad],
  ] as const) {
    test(`${name} waits for ${what} no longer than signal and deadline allow`, async () => {
      const setting = liveSetUp();
      await setting.indexer.sync(LiveSource.of(upsert("a", "old")));
      const controller = new AbortController();
      const aborted = create();
      const run = call(setting, aborted, { signal: controller.signal });
      await expect.poll(() => aborted.signal).toBeDefined();
      controller.abort("enough");
      await expect(run).rejects.toBe("enough");
      expect(aborted.signal?.aborted).toBe(true);
      const late = create();
      const { signal } = new AbortController();
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
      onTestFinished(() => void vi.useRealTimers());
      const over = expect(call(setting, late, { signal, deadlineAt: Date.now() + 50 })).rejects.toMatchObject(
        {
          code: "timeout",
          retryable: true,
        },
      );
      await expect.poll(() => late.signal).toBeDefined();
      await vi.advanceTimersByTimeAsync(50);
      await over;
      expect(late.signal?.aborted).toBe(true);
    });
  }
}

test("rejects with an error that occurs while the source is silent, and closes the source", async () => {
  let isBroken = false;
  const onEmbed = (): void => {
    if (isBroken) throw new Error("no model");
  };
  const { indexer, texts } = liveSetUp({ onEmbed });
  const load: UpsertChange["load"] = async (call) => {
    await expect.poll(texts).toEqual(["one"]);
    isBroken = true;
    return upsert("b", "two").load(call);
  };
  let fail = (): void => undefined;
  const source = new HangingSource(
    [...listed([upsert("a", "one")]), upsert("b", "two", { load })],
    new Promise((resolve) => (fail = resolve)),
  );
  const following = indexer.follow(source, { signal: new AbortController().signal, flushMs: 1 }).done;
  await expect(following).rejects.toThrow("no model");
  expect([source.signal?.aborted, await texts()]).toEqual([true, ["one"]]);
  fail();
});

test("ends when another indexer took the lease", async () => {
  let now = 1_000_000;
  const manifest = new MemoryManifest({ now: () => now });
  const { indexer, store, texts } = liveSetUp({ manifest });
  const source = new LiveSource();
  const following = indexer.follow(source, { signal: new AbortController().signal, flushMs: 1 }).done;
  source.say(...listed([upsert("a", "one")]));
  await expect.poll(texts).toEqual(["one"]);
  now += 1_000_000;
  const incarnation = (await store.describeCollection("live"))?.incarnation ?? "";
  await (await manifest.open({ sourceId: source.id, collection: "live", incarnation })).close();
  source.say(upsert("b", "two"));
  await expect(following).rejects.toMatchObject({ code: "lease_lost" });
});

test("tells a source that its loop is left, and waits for its release", async () => {
  const { indexer } = liveSetUp({
    onEmbed: () => {
      throw new Error("no model");
    },
  });
  const released: string[] = [];
  const source: DocumentSource = {
    id: "live",
    async *changes() {
      try {
        yield* [upsert("a", "one"), listing("started"), listing("complete"), upsert("b", "two")];
      } finally {
        await Promise.resolve();
        released.push("released");
      }
    },
  };
  await expect(indexer.sync(source)).rejects.toThrow("no model");
  expect(released).toEqual(["released"]);
});

test("applies the changes that a source sent before it failed, also if it is followed", async () => {
  const { indexer, texts } = liveSetUp();
  const source: DocumentSource = {
    id: "live",
    async *changes() {
      yield upsert("a", "one");
      throw new Error("connection lost");
    },
  };
  const { signal } = new AbortController();
  await expect(indexer.follow(source, { signal }).done).rejects.toThrow("connection lost");
  expect(await texts()).toEqual(["one"]);
});

test("puts the source's error first if its earlier changes cannot be applied either", async () => {
  const gone = new BinnacleError("unauthorized", "the token expired", { retryable: true });
  const down = new BinnacleError("model_down", "the model is down");
  const onEmbed = (): void => {
    throw down;
  };
  const source: DocumentSource = {
    id: "live",
    async *changes() {
      yield upsert("a", "one");
      throw gone;
    },
  };
  const { signal } = new AbortController();
  for (const call of [calls["sync"], calls["follow"]]) {
    const error: unknown = await call?.(liveSetUp({ onEmbed }), source, { signal }).catch((failed) => failed);
    expect(error).toMatchObject({
      code: "unauthorized",
      retryable: true,
      message: expect.stringMatching(/^the token expired; .*the model is down/),
      cause: { cause: { errors: [gone, down] } },
    });
  }
});
