import type { Upsert, Write } from "@binnacle/core";
import { pointId } from "@binnacle/core/kit";
import { expect, test } from "vitest";
import { chunkPayload } from "../fixtures/chunk-payload.ts";
import { confirming, ok, scriptedServer } from "../fixtures/scripted-server.ts";

const fence = { sourceId: "source", token: 1 };
const idOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

const patch: Write = { type: "patch", id: idOf(1), chunk: { index: 1 } };

function upsert(slot: number, id = idOf(slot)): Upsert {
  const chunk = { ...chunkPayload, documentId: "doc", slot, spaceId: "space", encoderId: "encoder" };
  const sparse = { indices: Uint32Array.of(1), values: Float32Array.of(1) };
  return { type: "upsert", id, chunk, metadata: {}, dense: Float32Array.of(3, 4, 0), sparse };
}

test("sends a fenced batch of the indexer's upserts by one request (Q9)", async () => {
  const { requests, store } = scriptedServer(confirming);
  const own = [1, 2, 3].map((slot) => upsert(slot, pointId({ sourceId: "source", documentId: "doc", slot })));
  await store.collection("docs").write(own.slice(0, 1), { fence });
  const before = requests.length;
  const { failures } = await store.collection("docs").write(own, { fence });
  expect(failures.size).toBe(0);
  expect(requests.slice(before).map(({ path }) => path)).toEqual([
    "/collections/docs/points/batch?wait=true",
  ]);
});

test("reads the owners if an id is made from another tenant, source or slot", async () => {
  const { requests, store } = scriptedServer(confirming);
  const ids = [
    pointId({ tenant: "a", sourceId: "source", documentId: "doc", slot: 1 }),
    pointId({ sourceId: "other", documentId: "doc", slot: 1 }),
    pointId({ sourceId: "source", documentId: "doc", slot: 2 }),
  ];
  for (const id of ids) {
    await store.collection("docs").write([upsert(1, id)], { fence });
    expect(requests.at(-2)?.json).toMatchObject({ ids: [id], with_payload: ["_v", "sourceId"] });
  }
});

test("reads the sources of a fenced write's points first, and does not send writes of another source", async () => {
  const stored = [{ id: idOf(1), payload: { _v: 3, sourceId: "theirs" } }];
  const { requests, store } = scriptedServer((request) =>
    request.path.endsWith("/points") && Array.isArray(request.json["with_payload"])
      ? ok(stored)
      : confirming(request),
  );
  const { failures } = await store.collection("docs").write([upsert(1), upsert(2), patch], { fence });
  expect(Array.from(failures, ([position, { code }]) => [position, code])).toEqual([
    [0, "wrong_source"],
    [2, "wrong_source"],
  ]);
  const sent = requests.filter(({ path }) => path.includes("/points/batch"));
  expect(sent.map(({ json }) => json.operations?.[3]?.upsert?.points.map(({ id }) => id))).toEqual([
    [idOf(2)],
  ]);
});
