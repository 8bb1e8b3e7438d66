import type { DocumentSource, SourceChange } from "@binnacle/core";
import {
  createClusterHistory,
  historySourceOf,
  kubernetesFields,
  readHistory,
  verifyHistory,
} from "@binnacle/k8s-sync";
import {
  createBm25Encoder,
  createChunker,
  createIndexer,
  defineIndex,
  MemoryManifest,
  MemoryStore,
} from "@binnacle/retriever";
import { expect, test } from "vitest";
import { defineHistoryIndex, historyCollection } from "./object-history.ts";

interface Lab {
  /** Indexes these objects, each by its text, then the later states of some, and flushes the history. */
  sync(objects: Readonly<Record<string, string>>, later?: Readonly<Record<string, string>>): Promise<void>;
  changes(since?: number): ReturnType<typeof readHistory>;
  verify(ids: readonly string[]): ReturnType<typeof verifyHistory>;
}

async function openLab(bounds: { maxStates?: number; maxObjects?: number } = {}): Promise<Lab> {
  const store = new MemoryStore();
  const manifest = new MemoryManifest();
  const index = defineIndex({
    name: "objects",
    chunker: await createChunker(),
    sparse: createBm25Encoder(),
    fields: kubernetesFields,
  });
  const indexer = createIndexer({ store, manifest, index, allowMassDelete: true });
  const histories = createIndexer({ store, manifest, index: await defineHistoryIndex() });
  const sourceId = historySourceOf("lab");
  let now = 1_000;
  const history = createClusterHistory({
    cluster: "lab",
    objects: store.collection("objects"),
    histories: store.collection(historyCollection),
    write: async (documents) => void (await histories.upsert(documents, { sourceId })).throwIfFailed(),
    remove: async (ids) => void (await histories.remove(ids, { sourceId })).throwIfFailed(),
    now: () => (now += 1_000),
    ...bounds,
  });
  return {
    sync: async (objects, later = {}) => {
      (await indexer.sync(history.record(sourceOf(objects, later)))).throwIfFailed();
      await history.flush();
    },
    changes: (since) => readHistory(store.collection(historyCollection), { cluster: "lab", since }),
    verify: (ids) =>
      verifyHistory({
        cluster: "lab",
        histories: store.collection(historyCollection),
        objectIds: new Set(ids),
      }),
  };
}

function sourceOf(
  objects: Readonly<Record<string, string>>,
  later: Readonly<Record<string, string>>,
): DocumentSource {
  const scope = "configmaps";
  const upsertsOf = (states: Readonly<Record<string, string>>) =>
    Object.entries(states).map(([name, text]): SourceChange => {
      const metadata = {
        cluster: "lab",
        namespace: "shop",
        kind: "ConfigMap",
        group: "",
        resource: scope,
        name,
        key: `ConfigMap/shop/${name}`,
      };
      const document = {
        id: `lab/${name}`,
        text,
        mediaType: "text/markdown",
        metadata,
        observed: { resourceVersion: String(text.length) },
      };
      return {
        type: "upsert",
        documentId: document.id,
        scope,
        version: text,
        load: () => Promise.resolve(document),
      };
    });
  return {
    id: "lab",
    changes: async function* () {
      yield { type: "scopes", scopes: [scope] };
      yield { type: "listing", scope, state: "started" };
      yield* upsertsOf(objects);
      yield { type: "listing", scope, state: "complete" };
      yield* upsertsOf(later);
    },
  };
}

test("records what changed, what is new and what is gone, but not the first sync", async () => {
  const lab = await openLab();
  await lab.sync({ web: "It has 2 keys. It is small.", cart: "It has 1 key." });
  expect(await lab.changes()).toEqual([]);
  await lab.sync({ web: "It has 3 keys. It is small.", extra: "It is new." });
  const changes = await lab.changes();
  expect(changes.map(({ change, key }) => `${change} ${key}`).sort()).toEqual([
    "changed ConfigMap/shop/web",
    "created ConfigMap/shop/extra",
    "deleted ConfigMap/shop/cart",
  ]);
  expect(changes.find(({ name }) => name === "web")?.lines).toEqual(["- It has 2 keys.", "+ It has 3 keys."]);
  expect(await lab.verify(["lab/web", "lab/extra"])).toEqual({ histories: 3, differences: [] });
  expect(await lab.verify(["lab/web"])).toMatchObject({
    differences: [{ kind: "orphaned", key: "ConfigMap/shop/extra" }],
  });
});

test("records what follows the first list of a new cluster", async () => {
  const lab = await openLab();
  await lab.sync({ web: "It has 2 keys.", cart: "It has 1 key." }, { web: "It has 3 keys." });
  expect((await lab.changes()).map(({ name }) => name)).toEqual(["web"]);
});

test("returns only changes since a time, and keeps a bounded number of states and objects", async () => {
  const lab = await openLab({ maxStates: 3, maxObjects: 2 });
  await lab.sync({ a: "It is 0.", b: "It is 0.", c: "It is 0." });
  for (let each = 1; each <= 5; each += 1)
    await lab.sync({ a: `It is ${each}.`, b: "It is 0.", c: "It is 0." });
  const kept = await lab.changes();
  expect(kept.map(({ lines }) => lines[1])).toEqual(["+ It is 5.", "+ It is 4.", "+ It is 3."]);
  expect(await lab.changes(kept[0]?.at)).toHaveLength(1);
  await lab.sync({ a: "It is 5.", b: "It is 1.", c: "It is 0." });
  await lab.sync({ a: "It is 5.", b: "It is 1.", c: "It is 1." });
  expect(new Set((await lab.changes()).map(({ name }) => name))).toEqual(new Set(["b", "c"]));
});
