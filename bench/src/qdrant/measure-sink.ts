import { QdrantStore } from "@binnacle/retriever/qdrant";
import { QdrantClient } from "@qdrant/js-client-rest";
import { measureAlternating, type Measured } from "../measure.ts";
import { startSink } from "./start-sink.ts";
import { benchPoints, benchSpec, upsertOf, type BenchPoint } from "./bench-points.ts";

const batchSize = 250;
const readSize = 100;
const searches = 50;
const runs = 15;
const warmups = 3;

/** Times against a server that costs nothing. */
export interface SinkTimes {
  readonly points: number;
  readonly upsert: readonly Measured<unknown>[];
  readonly read: readonly Measured<unknown>[];
  readonly search: readonly Measured<unknown>[];
}

/** Measures writes, reads with vectors and searches against a sink in front of the server at `url`. */
export async function measureSink(url: string, apiKey: string | undefined, seed: number): Promise<SinkTimes> {
  const direct = new QdrantStore({ url, apiKey });
  await direct.deleteCollection("sink");
  await direct.ensureCollection(benchSpec("sink"));
  const points = benchPoints(0, batchSize, seed);
  await direct.collection("sink").write(points.slice(0, readSize).map(upsertOf));
  const sink = await startSink(url);
  const store = new QdrantStore({ url: sink.url, apiKey });
  const client = new QdrantClient({
    url: sink.url,
    checkCompatibility: false,
    ...(apiKey !== undefined && { apiKey }),
  });
  const contenders = { store, client, post: poster(sink.url, apiKey), points };
  try {
    return {
      points: batchSize,
      upsert: await measureAlternating(upserts(contenders)),
      read: await measureAlternating(reads(contenders)),
      search: await measureAlternating(searchRuns(contenders)),
    };
  } finally {
    await store.close();
    sink.stop();
    await direct.deleteCollection("sink");
    await direct.close();
  }
}

interface Contenders {
  readonly store: QdrantStore;
  readonly client: QdrantClient;
  readonly post: (path: string, body: unknown) => Promise<unknown>;
  readonly points: readonly BenchPoint[];
}
type Runs = Parameters<typeof measureAlternating<unknown>>[0];

function upserts({ store, client, post, points }: Contenders): Runs {
  const writes = points.map(upsertOf);
  const collection = store.collection("sink");
  // The body that the store sends, without what it knows about its collection.
  const body = (): object => ({
    operations: [
      {
        upsert: {
          points: writes.map(({ id, chunk, metadata, dense = [] }) => ({
            id,
            vector: { dense: Array.from(dense) },
            payload: { ...chunk, m: metadata, _v: 1, _l: 1 },
          })),
        },
      },
    ],
  });
  const forClient = points.map(({ id, numbers, text, metadata }) => ({
    id,
    vector: [...numbers],
    payload: { text, metadata },
  }));
  return named({
    ours: () => collection.write(writes),
    raw: () => post("/collections/sink/points/batch?wait=true", body()),
    client: () => client.upsert("sink", { wait: true, points: forClient }),
  });
}

function reads({ store, client, post, points }: Contenders): Runs {
  const ids = points.slice(0, readSize).map(({ id }) => id);
  const collection = store.collection("sink");
  return named({
    ours: () => collection.get(ids, { includeVectors: true }),
    raw: () => post("/collections/sink/points", { ids, with_payload: true, with_vector: true }),
    client: () => client.retrieve("sink", { ids, with_payload: true, with_vector: true }),
  });
}

function searchRuns({ store, client, post, points }: Contenders): Runs {
  const [first] = points;
  if (first === undefined) return [];
  const { vector, numbers } = first;
  const collection = store.collection("sink");
  const query = { query: numbers, using: "dense", limit: 10, with_payload: true };
  const repeated = (search: () => Promise<unknown>) => async (): Promise<number> => {
    for (let i = 0; i < searches; i++) await search();
    return searches;
  };
  return named({
    ours: repeated(() => collection.search({ legs: [{ dense: vector }], limit: 10 })),
    raw: repeated(() => post("/collections/sink/points/query/batch", { searches: [query] })),
    client: repeated(() => client.query("sink", { ...query, query: [...numbers] })),
  });
}

/** Searches of one run. */
export const searchesInRun: number = searches;

function named(bodies: Readonly<Record<string, () => Promise<unknown>>>): Runs {
  return Object.entries(bodies).map(([name, run]) => ({ name, run, runs, warmups }));
}

function poster(url: string, apiKey: string | undefined): Contenders["post"] {
  const headers = { "content-type": "application/json", ...(apiKey !== undefined && { "api-key": apiKey }) };
  return async (path, body) => {
    const response = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
}
