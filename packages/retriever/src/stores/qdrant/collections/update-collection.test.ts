import { describe, expect, test } from "vitest";
import { recorded } from "../fixtures/recorded.ts";
import { description, METADATA, ok, scriptedServer, type SeenRequest } from "../fixtures/scripted-server.ts";
import type { QdrantCollectionChanges } from "./collection-changes.ts";

interface ServerState {
  hnsw_config: { m: number; ef_construct: number };
  quantization_config: unknown;
  strict_mode_config: unknown;
  params: Record<string, unknown>;
}

/** A server with the collection "tuned". It applies what a PATCH says, or with `isDeaf` only says so. */
function tunedServer({
  isDeaf = false,
  metadata = METADATA,
}: { readonly isDeaf?: boolean; readonly metadata?: Readonly<Record<string, unknown>> } = {}) {
  const state: ServerState = {
    hnsw_config: { m: 16, ef_construct: 200 },
    quantization_config: { scalar: { type: "int8", quantile: 0.99, always_ram: true } },
    strict_mode_config: null,
    params: {
      vectors: { dense: { size: 3, on_disk: true } },
      shard_number: 2,
      replication_factor: 1,
      write_consistency_factor: 1,
    },
  };
  const answer = ({ method, json }: SeenRequest) => {
    if (method === "PATCH" && !isDeaf) apply(state, json);
    if (method === "PATCH") return ok(true);
    const described = { config: {}, ...Object(description({ ...metadata, "binnacle.name": "tuned" })) };
    return ok({ ...described, config: { ...described.config, ...state } });
  };
  const server = scriptedServer(answer);
  const sent = (): unknown[] =>
    server.requests.filter(({ method }) => method === "PATCH").map(({ json }) => json);
  return { ...server, sent };
}

function apply(state: ServerState, body: Readonly<Record<string, unknown>>): void {
  const { hnsw_config, quantization_config, vectors, params, strict_mode_config } = body;
  Object.assign(state.hnsw_config, hnsw_config);
  if (quantization_config !== undefined)
    state.quantization_config = quantization_config === "Disabled" ? null : quantization_config;
  Object.assign(state.params, params);
  if (vectors !== undefined) state.params["vectors"] = vectors;
  state.strict_mode_config = strict_mode_config ?? state.strict_mode_config;
}

describe("updateCollection", () => {
  test("sends only what differs, and reports each change as the server confirms it (Q12)", async () => {
    const { store, sent } = tunedServer();
    const changes = await store.updateCollection("tuned", {
      hnsw: { m: 32, efConstruct: 200 },
      quantization: "int8",
      quantile: 0.95,
      originals: "disk",
      shards: 2,
      dense: { spaceId: "space", dimensions: 3 },
      strictMode: { max_query_limit: 50 },
    });
    expect(changes).toEqual([
      { setting: "hnsw.m", from: 16, to: 32 },
      { setting: "quantile", from: 0.99, to: 0.95 },
      { setting: "strictMode.max_query_limit", from: null, to: 50 },
    ]);
    expect(sent()).toEqual([
      {
        hnsw_config: { m: 32 },
        quantization_config: { scalar: { type: "int8", quantile: 0.95, always_ram: true } },
        strict_mode_config: { enabled: true, max_query_limit: 50 },
      },
    ]);
  });

  test.each<[QdrantCollectionChanges, unknown]>([
    [{ quantization: "none" }, { quantization_config: "Disabled" }],
    [{ quantization: "binary" }, { quantization_config: { binary: { always_ram: true } } }],
    [{ originals: "memory" }, { vectors: { dense: { on_disk: false } }, params: { on_disk_payload: false } }],
    [
      { replicas: 2, writeConsistency: 2 },
      { params: { replication_factor: 2, write_consistency_factor: 2 } },
    ],
  ])("translates %j", async (changes, body) => {
    const { store, sent } = tunedServer();
    await store.updateCollection("tuned", changes);
    expect(sent()).toEqual([body]);
  });

  test("sends nothing if nothing differs", async () => {
    const { store, sent } = tunedServer();
    expect(await store.updateCollection("tuned", { hnsw: { m: 16 }, tenancy: "none" })).toEqual([]);
    expect(sent()).toEqual([]);
  });

  test("lists every setting that cannot change, with the way out, and sends nothing", async () => {
    const { store, sent } = tunedServer();
    const call = store.updateCollection("tuned", {
      dense: { spaceId: "other", dimensions: 4 },
      tenancy: "required",
      shards: 3,
      hnsw: { m: 32 },
    });
    await expect(call).rejects.toMatchObject({
      code: "cannot_change",
      issues: [
        { path: "dense.spaceId", message: expect.stringContaining("from space to other") },
        { path: "dense.dimensions", message: expect.stringContaining("reindex") },
        { path: "tenancy" },
        { path: "shards", message: expect.stringContaining("collections.shards") },
      ],
    });
    expect(sent()).toEqual([]);
  });

  test.each<[QdrantCollectionChanges, string]>([
    [{ writeConsistency: 2 }, "must not be above replicas (1), got 2"],
    [{ quantization: "binary", quantile: 0.9 }, 'belongs to quantization "int8"'],
    [{ hnsw: { m: 2 } }, "hnsw.m"],
    [JSON.parse('{"oversampling":3}'), "oversampling"],
  ])("refuses %j", async (changes, message) => {
    const { store, sent } = tunedServer();
    await expect(store.updateCollection("tuned", changes)).rejects.toThrow(message);
    expect(sent()).toEqual([]);
  });

  test("refuses settings of dense vectors for a collection without them", async () => {
    const { "binnacle.dense": _, ...metadata } = METADATA;
    const { store } = tunedServer({ metadata });
    await expect(store.updateCollection("tuned", { hnsw: { m: 32 } })).rejects.toThrow("no dense vectors");
  });

  test("reports a change that the server confirmed and did not make", async () => {
    // As recorded: PATCH of a vector's size says true and changes nothing.
    expect(JSON.parse(recorded("patch size").body)).toMatchObject({ result: true });
    const { store } = tunedServer({ isDeaf: true });
    await expect(store.updateCollection("tuned", { hnsw: { m: 32 } })).rejects.toMatchObject({
      code: "not_applied",
      message: expect.stringContaining("hnsw.m (asked 32, is 16)"),
    });
  });
});

const CLUSTER = {
  status: "enabled",
  peer_id: 1,
  peers: { "1422950814534105999": { uri: "http://a:6335/" }, "2": { uri: "http://b:6335/" } },
  raft_info: { term: 1, commit: 9, pending_operations: 0, leader: 2, role: "Follower", is_voter: true },
  consensus_thread_status: { consensus_thread_status: "working", last_update: "2026-11-22T12:05:09Z" },
  message_send_failures: {},
};

function clusterServer(cluster: unknown, states: readonly string[] = ["Active", "Active"]) {
  return scriptedServer(({ path }) => {
    if (path === "/cluster") return ok(cluster);
    if (path === "/collections") return ok({ collections: [] });
    if (!path.endsWith("/cluster")) return ok({ count: 1 });
    const [local = "", remote = ""] = states;
    return ok({
      peer_id: 1,
      shard_count: 2,
      local_shards: [{ shard_id: 0, points_count: 1, state: local }],
      remote_shards: [{ shard_id: 1, peer_id: 2, state: remote }],
      shard_transfers: [],
    });
  });
}

describe("a cluster", () => {
  test("is read with its servers and its leader", async () => {
    const { store } = clusterServer(CLUSTER);
    expect(await store.clusterInfo()).toEqual({
      isEnabled: true,
      peers: [
        { id: "2", uri: "http://b:6335/" },
        { id: "1422950814534105999", uri: "http://a:6335/" },
      ],
      leader: "2",
      issues: [],
    });
    expect(await store.collectionCluster("docs")).toEqual({
      shards: 2,
      localShards: [{ id: 0, state: "Active" }],
      remoteShards: [{ id: 1, state: "Active" }],
      transfers: 0,
    });
  });

  test("is disabled on a server that runs alone", async () => {
    const { store } = scriptedServer(() => recorded("cluster"));
    expect(await store.clusterInfo()).toEqual({ isEnabled: false, peers: [], issues: [] });
  });

  test("makes the health degraded, with every reason", async () => {
    const { store } = clusterServer(
      {
        ...CLUSTER,
        raft_info: { ...CLUSTER.raft_info, leader: null },
        message_send_failures: { "http://b:6335/": { count: 7, latest_error: "x" } },
      },
      ["Active", "Dead"],
    );
    await store.collection("docs").count();
    expect(await store.health()).toMatchObject({
      status: "degraded",
      detail:
        "Qdrant 1.18.3, 2 servers; there is no leader: collections and aliases cannot change; http://b:6335/ does not answer (7 messages failed)",
      parts: { docs: { status: "degraded", detail: "ready; shard 1 is Dead" } },
    });
  });

  test("is healthy if all shards are active", async () => {
    const { store } = clusterServer(CLUSTER);
    await store.collection("docs").count();
    expect(await store.health()).toMatchObject({ status: "ok", detail: "Qdrant 1.18.3, 2 servers" });
  });

  test("does not fail the health check if the key may not ask for it", async () => {
    const { store } = scriptedServer(({ path }) =>
      path === "/cluster"
        ? { status: 403, body: JSON.stringify({ status: { error: "Forbidden" }, time: 0 }) }
        : ok({ collections: [] }),
    );
    expect(await store.health()).toMatchObject({ status: "ok", detail: "Qdrant 1.18.3" });
  });
});

test("inspects a collection: status, index, quantization and the optimiser's error (Q31)", async () => {
  const { store } = tunedServer();
  expect(await store.inspectCollection("tuned")).toMatchObject({
    status: "green",
    optimizerError: undefined,
    settings: { "hnsw.m": 16, "hnsw.efConstruct": 200, quantization: "int8", originals: "disk", shards: 2 },
  });
});
