import { noTelemetry } from "@binnacle/core/kit";
import {
  observeBackend,
  observeCache,
  observeEmbedder,
  observeRetriever,
  observeStore,
  recordStoreSizes,
} from "@binnacle/core/telemetry";
import {
  cacheContract,
  FakeEmbedder,
  FakeInferenceBackend,
  RecordingTelemetry,
} from "@binnacle/core/testing";
import { describe, expect, test } from "vitest";
import { createAnswerer } from "../answering/create-answerer.ts";
import { MemoryCache } from "../caches/memory/index.ts";
import { setUp } from "../indexing/fixtures/set-up.ts";
import { createRetriever } from "../retrieval/create-retriever.ts";
import { indexed, textDocument } from "../retrieval/fixtures/indexed.ts";
import { MemoryStore } from "../stores/memory/index.ts";
import { observeAnswerer } from "./observe-answerer.ts";

const system = "memory";
const documents = [
  textDocument("wal.txt", "A checkpoint flushes dirty pages to disk. The log can then be recycled."),
  textDocument("keys.txt", "Rotate the signing key with the command keyctl rotate."),
];

describe("an observed store", () => {
  test("reports writes by type and outcome, and the hits of a search (Q48)", async () => {
    const telemetry = new RecordingTelemetry();
    const store = observeStore(new MemoryStore(), { telemetry, system });
    const { index } = await indexed(documents, { store });
    await createRetriever({ store, index }).retrieve("signing key");
    const writes = telemetry.measurements.filter(({ name }) => name === "binnacle.store.writes");
    expect(writes.reduce((sum, { value }) => sum + value, 0)).toBe(2);
    expect(writes[0]?.attributes).toEqual({ system, collection: "test", type: "upsert", outcome: "applied" });
    expect(telemetry.values("binnacle.store.hits")).toEqual([1]);
    expect(telemetry.openSpans()).toEqual([]);
  });

  test("counts the points and the bytes of each collection (Q48)", async () => {
    const telemetry = new RecordingTelemetry();
    const { store } = await indexed(documents, { embedder: new FakeEmbedder({ dimensions: 8 }) });
    expect(await recordStoreSizes(store, { telemetry, system })).toEqual([
      { collection: "test", points: 2, vectorBytes: 2 * 8 * 4 },
    ]);
    expect(telemetry.values("binnacle.store.points")).toEqual([2]);
  });
});

describe("an observed cache", () => {
  const create = async () =>
    observeCache(new MemoryCache(), { telemetry: new RecordingTelemetry(), cache: "test" });
  for (const { name, run } of cacheContract(create)) test(name, run);

  test("counts hits and misses of its own tier (T38)", async () => {
    const telemetry = new RecordingTelemetry();
    const cache = observeCache(new MemoryCache(), { telemetry, cache: "embeddings" });
    await cache.setMany([["a", Uint8Array.of(1)]]);
    await cache.getMany(["a", "b", "c"]);
    await cache.getMany(["a"]);
    const sum = (name: string) => telemetry.values(name).reduce((total, value) => total + value, 0);
    expect([sum("binnacle.cache.hits"), sum("binnacle.cache.misses")]).toEqual([2, 2]);
    expect(telemetry.measurements[0]?.attributes).toEqual({ cache: "embeddings" });
  });
});

test("joins the stages of an answer in one trace (T10, T46)", async () => {
  const telemetry = new RecordingTelemetry();
  const store = observeStore(new MemoryStore(), { telemetry, system });
  const embedder = observeEmbedder(new FakeEmbedder(), { telemetry, provider: "fake" });
  const { index } = await indexed(documents, { store, embedder });
  const retriever = observeRetriever(createRetriever({ store, index }), { telemetry, retriever: "test" });
  const fake = new FakeInferenceBackend({ replies: ["Use keyctl rotate [1]."] });
  const backend = observeBackend(fake, { telemetry, provider: "fake" });
  const answerer = observeAnswerer(createAnswerer({ retriever, backend }), { telemetry, answerer: "test" });
  const before = telemetry.spans.length;
  await answerer.answer("How do I rotate the signing key?");
  const spans = telemetry.spans.slice(before);
  const names = spans.map(({ name }) => name);
  expect(names[0]).toBe("binnacle.answerer.answer");
  for (const name of ["retriever.retrieve", "embedder.embed", "store.search_many", "backend.stream"])
    expect(names, name).toContain(`binnacle.${name}`);
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  const parents = new Map(spans.map(({ spanId, name }) => [spanId, name]));
  const search = spans.find(({ name }) => name === "binnacle.store.search_many");
  expect(parents.get(search?.parentSpanId ?? "")).toBe("binnacle.retriever.retrieve");
  expect(telemetry.openSpans()).toEqual([]);
});

test("reports a streamed answer by its mode", async () => {
  const telemetry = new RecordingTelemetry();
  const { store, index } = await indexed(documents);
  const backend = new FakeInferenceBackend({ replies: ["Use keyctl rotate [1]."] });
  const inner = createAnswerer({ retriever: createRetriever({ store, index }), backend });
  const answerer = observeAnswerer(inner, { telemetry, answerer: "test" });
  await answerer.stream("How do I rotate the signing key?").result;
  const answers = telemetry.measurements.filter(({ name }) => name === "binnacle.answerer.answers");
  expect(answers.map(({ attributes }) => attributes)).toEqual([{ answerer: "test", mode: "generated" }]);
  expect(telemetry.openSpans()).toEqual([]);
  expect(observeAnswerer(inner, { telemetry: noTelemetry, answerer: "test" })).toBe(inner);
});

describe("an indexer with telemetry", () => {
  test("counts documents, embeddings and writes while a run goes on (T10)", async () => {
    const telemetry = new RecordingTelemetry();
    const { indexer, source } = setUp({ telemetry });
    source.put("a.txt", "one\n\ntwo");
    source.put("b.txt", "three");
    const report = await indexer.sync(source);
    const sum = (name: string) =>
      telemetry.values(`binnacle.indexer.${name}`).reduce((total, value) => total + value, 0);
    expect([sum("documents"), sum("embeddings"), sum("writes")]).toEqual([2, report.embeddings, 3]);
    expect(telemetry.spans[0]).toMatchObject({ name: "binnacle.indexer.sync", attributes: { added: 2 } });
    const runs = telemetry.values("binnacle.indexer.running");
    expect(runs).toEqual([1, 0]);
  });

  test("reports a failed run by its code", async () => {
    const telemetry = new RecordingTelemetry();
    const { indexer, source } = setUp({
      telemetry,
      embedding: { onEmbed: () => Promise.reject(new Error("down")) },
    });
    source.put("a.txt", "one");
    await indexer.sync(source).catch(() => undefined);
    expect(telemetry.openSpans()).toEqual([]);
    const duration = telemetry.measurements.find(({ name }) => name === "binnacle.indexer.duration");
    expect(duration?.attributes).toMatchObject({ index: "handbook", operation: "sync" });
  });
});
