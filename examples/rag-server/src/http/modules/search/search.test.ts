import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openApi, type OpenedApi } from "../../../testing/open-api.ts";

let api: OpenedApi;

interface Found {
  readonly mode: string;
  readonly hits: readonly { readonly id: string; readonly score: number; readonly vector?: number[] }[];
}

beforeAll(async () => {
  api = await openApi();
  await api.call("POST", "/collections", { name: "knowledge_base", fields: { topic: "keyword" } });
  await api.call("POST", "/collections", { name: "plane", dimensions: 2, space: "own", text_search: false });
  await api.call("POST", "/collections", { name: "words", dimensions: 2, space: "own" });
  const texts = ["The vault is in Oslo.", "Backups run at night.", "The rota changes on Mondays."];
  const documents = texts.map((text, i) => ({
    op: "upsert",
    id: `k${i}`,
    text,
    metadata: { topic: `t${i}` },
  }));
  await api.call("POST", "/vectors/batch", { operations: documents });
  const angles = [0, 10, 80, 90].map((degrees) => (degrees * Math.PI) / 180);
  const points = angles.map((a, i) => ({ op: "upsert", id: `p${i}`, vector: [Math.cos(a), Math.sin(a)] }));
  await api.call("POST", "/vectors/batch", { collection: "plane", operations: points });
  const spoken = { id: "w0", vector: [1, 0], text: "Every night." };
  await api.call("POST", "/vectors/insert", { collection: "words", ...spoken });
});

afterAll(() => api.close());

async function search(body: object, path = "/vectors/search"): Promise<Found> {
  const reply = await api.call("POST", path, body);
  expect(reply.statusCode, reply.body).toBe(200);
  return reply.json<Found>();
}

const idsOf = ({ hits }: Found): readonly string[] => hits.map(({ id }) => id);

describe("POST /vectors/search", () => {
  test("finds by vector with threshold and pages, best first (Q25)", async () => {
    const body = { collection: "plane", vector: [1, 0] };
    expect(idsOf(await search(body))).toEqual(["p0", "p1", "p2", "p3"]);
    expect(idsOf(await search({ ...body, min_score: 0.9 }))).toEqual(["p0", "p1"]);
    expect(idsOf(await search({ ...body, limit: 2, offset: 1 }))).toEqual(["p1", "p2"]);
    const { hits } = await search({ ...body, limit: 1, include_vectors: true });
    expect(hits[0]).toMatchObject({ vector: [1, 0], score: 1 });
  });

  test("finds by text in the ranking that the collection allows, with a filter (Q25)", async () => {
    const text = "When do backups run?";
    const both = await search({ text });
    expect([both.mode, both.hits[0]?.id]).toEqual(["hybrid", "k1"]);
    expect(idsOf(await search({ text, filter: { topic: "t0" } }))).toEqual(["k0"]);
    expect((await search({ text, mode: "dense" })).mode).toBe("dense");
    const lexical = await search({ collection: "words", text: "night" });
    expect([lexical.mode, idsOf(lexical)]).toEqual(["lexical", ["w0"]]);
  });

  test.each([
    [{ vector: [1, 0], text: "x" }, 400, /not both/],
    [{}, 400, /vector or a text/],
    [{ collection: "plane", vector: [1] }, 400, /1 numbers/],
    [{ collection: "plane", text: "x" }, 409, /this server has no embedder for its vectors/],
    [{ text: "x", filter: { nope: 1 } }, 400, /nope/],
    [{ text: "x", filter: { topic: { $regex: "a" } } }, 400, /\$regex/],
    [{ text: "x", limit: 0 }, 400, /limit/],
    [{ collection: "none", text: "x" }, 404, /"none"/],
  ])("refuses %j with a reason (Q25)", async (body, status, message) => {
    const refused = await api.call("POST", "/vectors/search", body);
    expect(refused.statusCode).toBe(status);
    expect(refused.json<{ message: string }>().message).toMatch(message);
  });
});

test("runs a batch of searches with an outcome for each (Q26)", async () => {
  const searches = [
    { vector: [1, 0], limit: 1 },
    { vector: [1] },
    { vector: [0, 1], limit: 1 },
    { text: "x" },
  ];
  const reply = await api.call("POST", "/vectors/search/batch", { collection: "plane", searches });
  expect(reply.statusCode).toBe(207);
  expect(reply.json()).toMatchObject({
    succeeded: 2,
    failed: 2,
    outcomes: [
      { status: "ok", mode: "dense", hits: [{ id: "p0" }] },
      { index: 1, status: "failed", error: { code: "invalid_vector" } },
      { index: 2, status: "ok", hits: [{ id: "p3" }] },
      { status: "failed", error: { code: "wrong_space" } },
    ],
  });
});

test("recommends what resembles some points and differs from others (Q27)", async () => {
  const body = { collection: "plane", positive: ["p0"] };
  expect(idsOf(await search(body, "/vectors/recommend"))).toEqual(["p1", "p2", "p3"]);
  const best = { ...body, negative: ["p3"], strategy: "best_score", limit: 1 };
  expect(idsOf(await search(best, "/vectors/recommend"))).toEqual(["p1"]);
  const missing = await api.call("POST", "/vectors/recommend", { ...body, positive: ["none"] });
  expect(missing.statusCode).toBe(404);
});

describe("discovery and exploration", () => {
  test("finds the points on the right side of pairs, and those nearest to a target first (Q57)", async () => {
    const context = [{ positive: "p0", negative: "p3" }];
    const path = "/vectors/discover";
    const found = await search({ collection: "plane", context }, path);
    expect(idsOf(found)).toEqual(["p1", "p2"]);
    expect(found.hits[0]?.score).toBeCloseTo(0);
    expect(found.hits[1]?.score).toBeLessThan(-0.4);
    const pairs = [{ positive: "p0", negative: "p0" }];
    expect(idsOf(await search({ collection: "plane", context: pairs, target: "p3" }, path))).toEqual([
      "p2",
      "p1",
    ]);
    const missing = [{ positive: "p0", negative: "none" }];
    expect((await api.call("POST", path, { collection: "plane", context: missing })).statusCode).toBe(404);
  });

  test("shows a few points that stand for all others (Q57)", async () => {
    const reply = await api.call("POST", "/vectors/explore", { collection: "plane", landmarks: 2 });
    const { landmarks, ...rest } = reply.json<{ landmarks: { id: string; size: number }[] }>();
    expect(landmarks.map(({ id }) => id)).toEqual([expect.stringMatching(/p[12]/), expect.any(String)]);
    expect(landmarks.reduce((sum, { size }) => sum + size, 0)).toBe(4);
    expect(rest).toMatchObject({ sampled: 4, total: 4 });
  });

  test("lists points by pages, in the order of a field (Q57)", async () => {
    await api.call("POST", "/collections", {
      name: "years",
      dimensions: 2,
      space: "own",
      fields: { year: "integer" },
    });
    const operations = [3, 1, 2].map((year) => ({
      op: "upsert",
      id: `y${year}`,
      vector: [1, 0],
      metadata: { year },
    }));
    await api.call("POST", "/vectors/batch", { collection: "years", operations });
    const list = async (offset: number) => {
      const query = "collection=years&order_by=year&direction=descending&limit=2";
      const reply = await api.call("GET", `/vectors?${query}&offset=${offset}`);
      const { points, next } = reply.json<{ points: { id: string }[]; next: number | null }>();
      return [points.map(({ id }) => id), next];
    };
    expect(await list(0)).toEqual([["y3", "y2"], 2]);
    expect(await list(2)).toEqual([["y1"], null]);
    const wrong = await api.call("GET", "/vectors?order_by=topic");
    expect(wrong.statusCode).toBe(400);
  });
});
