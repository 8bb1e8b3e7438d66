import { QdrantClient } from "@qdrant/js-client-rest";
import { startFaultProxy } from "../../../tests/servers/fault-proxy.ts";
import { timed } from "../measure.ts";
import { benchPoints } from "./bench-points.ts";
import { startSink } from "./start-sink.ts";
import { qdrantSides, type QdrantSide } from "./qdrant-sides.ts";

const batchSize = 250;
const searches = 20;
const rounds = 5;
const addedMs = 5;

/** The figures of one side on the server. */
export interface ServerFigures {
  readonly name: string;
  readonly points: number;
  /** Points on the server afterwards. */
  readonly present: number;
  readonly requestsPerSearch: number;
  /** Searches whose nearest point is the query itself. */
  readonly found: number;
  readonly searches: number;
  readonly upsertMs: number;
  /** Against a sink that waits 5 ms before each answer; medians. */
  readonly slow: { readonly searchMs: number; readonly upsertMs: number };
}

/** Fills a collection by every side and searches it, with and without added latency. */
export async function measureServer(
  url: string,
  apiKey: string | undefined,
  { points, seed }: { readonly points: number; readonly seed: number },
): Promise<readonly ServerFigures[]> {
  const counting = { requests: 0 };
  const near = await startFaultProxy(url, (_, forward) => {
    counting.requests += 1;
    return forward();
  });
  const far = await startSink(url, addedMs);
  const client = new QdrantClient({
    url,
    checkCompatibility: false,
    ...(apiKey !== undefined && { apiKey }),
  });
  const distant = qdrantSides(far.url, apiKey, "bench");
  const figures: ServerFigures[] = [];
  try {
    for (const [i, side] of qdrantSides(near.url, apiKey, "bench").entries()) {
      console.error(`qdrant: ${side.name}, ${points} points`);
      await side.create();
      const { timing } = await timed(() => fill(side, points, seed));
      const [queries, before] = [benchPoints(0, searches, seed), counting.requests];
      let found = 0;
      for (const query of queries) if ((await side.search(query))[0] === query.id) found += 1;
      const requestsPerSearch = (counting.requests - before) / searches;
      const name = `${names[i] ?? ""}-bench`;
      const { count } = await client.count(name, {
        exact: true,
        filter: { must_not: [{ is_empty: { key: contents[i] ?? "" } }] },
      });
      const slow = await slowly(distant[i], seed);
      await client.deleteCollection(name);
      figures.push({
        name: side.name,
        points,
        present: count,
        requestsPerSearch,
        found,
        searches,
        upsertMs: timing.wallMs,
        slow,
      });
      await side.close();
    }
    return figures;
  } finally {
    for (const side of distant) await side.close();
    far.stop();
    await near.close();
  }
}

const names = ["ours", "langchain", "mastra", "bare"];
/** The payload's key of the text, which tells points from anything else that a side keeps. */
const contents = ["text", "content", "text", "text"];

async function fill(side: QdrantSide, points: number, seed: number): Promise<void> {
  for (let first = 0; first < points; first += batchSize)
    await side.upsert(benchPoints(first, Math.min(batchSize, points - first), seed));
}

async function slowly(side: QdrantSide | undefined, seed: number): Promise<ServerFigures["slow"]> {
  const batch = benchPoints(0, 20, seed);
  const [searchMs, upsertMs]: [number[], number[]] = [[], []];
  // The sink asks the server once for each search.
  for (const query of batch.slice(0, 5)) await side?.search(query);
  for (let round = 0; side !== undefined && round < rounds; round++) {
    for (const query of batch.slice(0, 5))
      searchMs.push((await timed(() => side.search(query))).timing.wallMs);
    upsertMs.push((await timed(() => side.upsert(batch))).timing.wallMs);
  }
  return { searchMs: median(searchMs), upsertMs: median(upsertMs) };
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}
