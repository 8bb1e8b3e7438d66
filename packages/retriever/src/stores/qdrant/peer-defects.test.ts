// Defects of the clients that others wrote for Qdrant. Each test shows that this driver does not have it.
import { ConfigurationError, type Upsert } from "@binnacle/core";
import { expect, test } from "vitest";
import { chunkPayload } from "./fixtures/chunk-payload.ts";
import { confirming, scriptedServer } from "./fixtures/scripted-server.ts";

const idOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const sparse = { indices: Uint32Array.of(7), values: Float32Array.of(0.5) };
const upsert = (n: number): Upsert => ({
  type: "upsert",
  id: idOf(n),
  chunk: { ...chunkPayload, spaceId: "space", encoderId: "encoder" },
  metadata: {},
  dense: Float32Array.of(3, 4, 0),
  sparse,
});
const dense = Float32Array.of(1, 0, 0);
const raw = (value: unknown): ReturnType<typeof JSON.parse> => value;

test("sends 5,000 points in bounded requests, and each point once (D3, D7, Q10)", async () => {
  const { store, requests } = scriptedServer(confirming);
  const { failures } = await store
    .collection("docs")
    .write(Array.from({ length: 5_000 }, (_, i) => upsert(i)));
  expect(failures.size).toBe(0);
  const batches = requests.map(({ json }) =>
    (json.operations ?? [])
      .slice(3)
      .flatMap((operation) => operation.upsert?.points.map(({ id }) => id) ?? []),
  );
  expect(batches.filter(({ length }) => length > 0).map(({ length }) => length)).toEqual(
    Array.from({ length: 5 }, () => 1_000),
  );
  expect(new Set(batches.flat()).size).toBe(5_000);
});

test("asks the server for nothing but the search, time after time (D4)", async () => {
  const { store, requests } = scriptedServer(confirming);
  const docs = store.collection("docs");
  const search = () => docs.search({ legs: [{ dense }, { sparse }], limit: 5, mmr: { diversity: 0.5 } });
  await search();
  const before = requests.length;
  for (let i = 0; i < 5; i++) await search();
  expect(requests.slice(before).map(({ path }) => path)).toEqual(
    Array.from({ length: 5 }, () => "/collections/docs/points/query/batch"),
  );
});

test("sends the sparse vectors of writes and searches, and refuses names that it does not know (D10)", async () => {
  const { store, requests } = scriptedServer(confirming);
  const docs = store.collection("docs");
  await docs.write([upsert(1)]);
  await docs.search({ legs: [{ sparse }], limit: 1 });
  const sent = JSON.stringify(requests.map(({ json }) => json));
  expect(sent).toContain('"sparse":{"indices":[7],"values":[0.5]}');
  expect(sent).toContain('"query":{"indices":[7],"values":[0.5]},"using":"sparse"');
  const before = requests.length;
  const { failures } = await docs.write([raw({ ...upsert(2), sparseVector: sparse })]);
  expect(failures.get(0)?.message).toContain("sparseVector");
  for (const call of [
    docs.search(raw({ legs: [{ dense }], limit: 1, sparseVector: sparse })),
    docs.search(raw({ legs: [{ dense, sparseVectors: sparse }], limit: 1 })),
    docs.deleteWhere(raw({ sourceId: "source", deleteFilter: {} })),
  ])
    await expect(call).rejects.toBeInstanceOf(ConfigurationError);
  expect(requests.slice(before).every(({ path }) => path.includes("/points/batch"))).toBe(true);
});

test("refuses an id that is no UUID in every call, and never takes it for a number (D12)", async () => {
  const { store, requests } = scriptedServer(confirming);
  const docs = store.collection("docs");
  const { failures } = await docs.write([
    { ...upsert(1), id: "007" },
    { type: "delete", id: "007" },
    { type: "patch", id: "7", metadata: {} },
  ]);
  expect(Array.from(failures.values(), ({ code }) => code)).toEqual([
    "invalid_id",
    "invalid_id",
    "invalid_id",
  ]);
  expect(JSON.stringify(requests.map(({ json }) => json))).not.toMatch(/"007"|[[:,]7[\],}]/);
});
