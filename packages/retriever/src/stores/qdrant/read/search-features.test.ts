import type { SearchQuery } from "@binnacle/core";
import { expect, test } from "vitest";
import { chunkPayload } from "../fixtures/chunk-payload.ts";
import { METADATA, ok, scriptedServer, type Answer, type SeenRequest } from "../fixtures/scripted-server.ts";

const idOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const dense = Float32Array.of(1, 0, 0);

/** Knows points 1 and 2, whose vectors the server holds with length 1. Searches find nothing. */
function knowing({ path, json }: SeenRequest): Answer {
  if (path.endsWith("/query/batch")) return ok((json.searches ?? []).map(() => ({ points: [] })));
  if (path.endsWith("/facet"))
    return ok({
      hits: [
        { value: "b", count: 2 },
        { value: "a", count: 2 },
      ],
    });
  const vectors = new Map([
    [idOf(1), [1, 0, 0]],
    [idOf(2), [0, 1, 0]],
  ]);
  const asked: readonly string[] = JSON.parse(JSON.stringify(json["ids"]));
  return ok(
    asked.flatMap((id) => {
      const vector = vectors.get(id);
      const payload = { ...chunkPayload, _v: 1, _l: 5, m: {} };
      return vector ? [{ id, payload, vector: { dense: vector } }] : [];
    }),
  );
}

async function searched(query: SearchQuery): Promise<readonly SeenRequest[]> {
  const { store, requests } = scriptedServer(knowing);
  await store.collection("docs").search(query);
  return requests.filter(({ path }) => path.includes("/points"));
}

const firstSearch = (requests: readonly SeenRequest[]) => requests.at(-1)?.json.searches?.[0];

test("reads the seeds of a like-leg by one request, and excludes them in every leg (Q57)", async () => {
  const requests = await searched({ legs: [{ like: [idOf(1), idOf(2)] }, { dense }], limit: 1 });
  expect(requests.map(({ path }) => path.replace("/collections/docs", ""))).toEqual([
    "/points",
    "/points/query/batch",
  ]);
  const excluded = { must: [], must_not: [{ has_id: [idOf(1), idOf(2)] }] };
  expect(requests[1]?.json.searches?.map((search) => search["filter"])).toEqual([excluded, excluded]);
  const query: readonly number[] = JSON.parse(JSON.stringify(firstSearch(requests)?.["query"]));
  expect(query.map((value) => value.toFixed(3))).toEqual(["0.707", "0.707", "0.000"]);
});

test("sends the seeds of strategy best as vectors, never as ids, which a tenant could guess", async () => {
  const leg = { like: [idOf(1)], unlike: [idOf(2)], strategy: "best" } as const;
  expect(firstSearch(await searched({ legs: [leg], limit: 1 }))?.["query"]).toEqual({
    recommend: { positive: [[1, 0, 0]], negative: [[0, 1, 0]], strategy: "best_score" },
  });
});

test("sends context pairs and the target as vectors (Q57)", async () => {
  const leg = { discover: [{ like: idOf(1), unlike: idOf(2) }] };
  const context = [{ positive: [1, 0, 0], negative: [0, 1, 0] }];
  expect(firstSearch(await searched({ legs: [leg], limit: 1 }))?.["query"]).toEqual({ context });
  const toward = { ...leg, target: idOf(2) };
  expect(firstSearch(await searched({ legs: [toward], limit: 1 }))?.["query"]).toEqual({
    discover: { target: [0, 1, 0], context },
  });
});

test("searches nothing if a seed is missing", async () => {
  const { store, requests } = scriptedServer(knowing);
  const search = store.collection("docs").search({ legs: [{ like: [idOf(1), idOf(3)] }], limit: 1 });
  await expect(search).rejects.toThrow(idOf(3));
  expect(requests.filter(({ path }) => path.endsWith("/query/batch"))).toEqual([]);
});

test("sends the effort of a dense leg beside the quantization", async () => {
  const params = async (effort: "exact" | { ef: number }) =>
    firstSearch(await searched({ legs: [{ dense, effort }], limit: 1 }))?.["params"];
  expect(await params("exact")).toMatchObject({ exact: true, quantization: { rescore: true } });
  expect(await params({ ef: 256 })).toMatchObject({ hnsw_ef: 256, quantization: { rescore: true } });
});

test("asks for all candidates of boosts and MMR, and for vectors only with MMR", async () => {
  const asked = async (part: Partial<SearchQuery>) => {
    const search = firstSearch(await searched({ legs: [{ dense }], limit: 2, ...part }));
    return [search?.["limit"], search?.["with_vector"]];
  };
  expect(await asked({})).toEqual([2, undefined]);
  expect(await asked({ boost: [{ when: {}, add: 1 }] })).toEqual([50, undefined]);
  expect(await asked({ mmr: { diversity: 1, candidates: 70 } })).toEqual([70, ["dense"]]);
});

test("counts a facet exactly and without the sentinel, and orders ties itself", async () => {
  const { store, requests } = scriptedServer(knowing, { metadata: METADATA });
  expect(await store.collection("docs").facet("kind", { limit: 5 })).toEqual([
    { value: "a", count: 2 },
    { value: "b", count: 2 },
  ]);
  expect(requests.at(-1)).toMatchObject({
    path: "/collections/docs/facet",
    json: {
      key: "m.kind",
      limit: 5,
      exact: true,
      filter: { must: [], must_not: [{ has_id: [expect.any(String)] }] },
    },
  });
});
