import type { Collection, VectorStore } from "@binnacle/core";
import { MemoryStore } from "@binnacle/retriever";
import { QdrantStore } from "@binnacle/retriever/qdrant";
import { startFaultProxy } from "../../../servers/fault-proxy.ts";
import { qdrantMissing, startQdrant } from "../../../servers/qdrant.ts";
import { exactly, shown, type Experiment } from "../experiment.ts";
import { spec, untyped } from "./row-points.ts";
import { TriedCalls } from "./tried-calls.ts";

const names: readonly unknown[] = [
  "..",
  ".",
  "%2e%2e",
  "%2E%2E%2f",
  "a/b",
  "../collections",
  "a\\b",
  "a\u0000",
  "a\r\nx: y",
  "a?wait=false",
  "a#b",
  "",
  " ",
  "a b",
  "x".repeat(129),
  "-a",
  "_a",
  "ä",
  "a\u202e",
  "aliases/..",
  5,
  null,
  undefined,
  {},
  ["row"],
  true,
];
const ids: readonly unknown[] = [
  "../row",
  "00000000-0000-4000-8000-000000000001/..",
  "",
  7,
  null,
  "%2e%2e",
  "a\r\nb: c",
];
const filters: readonly unknown[] = [
  "kind = 'a'",
  [],
  [{ kind: "a" }],
  7,
  true,
  null,
  { "kind'--": 1 },
  { kind: { $where: "1" } },
];

/** The paths that the driver may use. Everything else has left the intended path. */
const allowed =
  /^\/(?:$|aliases$|telemetry$|collections(?:$|\/aliases(?:\?|$)|\/row(?:$|\?|\/(?:index|aliases|points(?:\/(?:batch|scroll|count|query\/batch))?)(?:\?|$))))/;

/** SB-T3: names, ids, keys and filters that try to leave the request's path. */
export const injectedNames: Experiment = {
  title: "collection names, ids, keys and filters that try to leave the path",
  missing: () => Promise.resolve(qdrantMissing()),
  run: async () => {
    const server = await startQdrant();
    const tried = new TriedCalls();
    const strayed: string[] = [];
    let requests = 0;
    const proxy = await startFaultProxy(server.url, ({ path }, forward) => {
      requests += 1;
      if (!allowed.test(path)) strayed.push(path);
      return forward();
    });
    const store = new QdrantStore({ url: proxy.url, apiKey: server.apiKey });
    const memory = new MemoryStore();
    try {
      for (const each of [store, memory]) {
        await each.ensureCollection(spec);
        for (const name of names) await tryName(each, untyped(name), tried);
        await tryArguments(each.collection(spec.name), tried);
      }
      await tried.refused("a key with a line end", async () => {
        const other = new QdrantStore({ url: proxy.url, apiKey: "a\r\nx-injected: 1" });
        try {
          await other.listCollections();
        } finally {
          await other.close();
        }
      });
      for (const path of strayed) console.error(`reliability: T3 left the path: ${path}`);
      return [
        exactly("requests leaving the intended path", strayed.length, 0, "requests"),
        exactly("calls accepted", tried.accepted, 0, "calls"),
        exactly("errors without a type", tried.crashed, 0, "errors"),
        shown("calls tried", tried.cases, "calls"),
        shown("requests seen", requests, "requests"),
      ];
    } finally {
      await store.deleteCollection(spec.name);
      await Promise.all([store.close(), memory.close(), proxy.close(), server.close()]);
    }
  },
};

async function tryName(store: VectorStore, name: string, tried: TriedCalls): Promise<void> {
  const label = JSON.stringify(name);
  const { aliases, snapshots } = store;
  await tried.refused(`ensure ${label}`, () => store.ensureCollection({ ...spec, name }));
  await tried.refused(`describe ${label}`, () => store.describeCollection(name));
  await tried.refused(`delete ${label}`, () => store.deleteCollection(name));
  await tried.refused(`handle ${label}`, () => store.collection(name));
  await tried.refused(`alias ${label}`, () => aliases?.set({ name, collection: spec.name }));
  await tried.refused(`alias of ${label}`, () => aliases?.set({ name: "other", collection: name }));
  await tried.refused(`drop alias ${label}`, () => aliases?.delete(name));
  if (snapshots === undefined) return;
  await tried.refused(`snapshot of ${label}`, () => snapshots.create(name));
  await tried.refused(`snapshots of ${label}`, () => snapshots.list(name));
  await tried.refused(`drop snapshot ${label}`, () => snapshots.delete(spec.name, name));
  await tried.refused(`download ${label}`, () =>
    snapshots.download(spec.name, name)[Symbol.asyncIterator]().next(),
  );
}

async function tryArguments(collection: Collection, tried: TriedCalls): Promise<void> {
  for (const id of ids)
    await tried.refused(`write ${JSON.stringify(id)}`, async () => {
      const { failures } = await collection.write([{ type: "delete", id: untyped(id) }]);
      for (const failure of failures.values()) throw failure;
    });
  for (const filter of filters) {
    await tried.refused(`count ${JSON.stringify(filter)}`, () =>
      collection.count({ filter: untyped(filter) }),
    );
    await tried.refused(`delete where ${JSON.stringify(filter)}`, () =>
      collection.deleteWhere({ filter: untyped(filter) }),
    );
  }
}
