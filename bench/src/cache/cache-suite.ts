import { randomNumbers } from "../../../tests/reliability/filled-store.ts";
import { redisMissing, startRedis } from "../../../tests/servers/redis.ts";
import type { Measured } from "../measure.ts";
import { printFigures, type Row } from "../report.ts";
import { versionsOf } from "../versions.ts";
import { measureRedisVectors, type RedisVectors } from "./redis-vectors.ts";
import { measureSingleHits, type SingleHits } from "./single-hits.ts";
import { runZipfTrace, type ZipfTrace } from "./zipf-trace.ts";

const SEED = 7;
const PEER = "@langchain/classic CacheBackedEmbeddings over ioredis";

/**
 * Measures caches in Redis and tiers: reading many vectors, single hits, and a trace of questions with
 * writes.
 */
export async function cacheSuite(): Promise<boolean> {
  const missing = await redisMissing("own");
  if (missing !== undefined) throw new Error(`bench cache: ${missing}`);
  const server = await startRedis({
    own: true,
    args: ["--maxmemory", "512mb", "--maxmemory-policy", "allkeys-lru"],
  });
  try {
    const base = {
      suite: "cache",
      seed: SEED,
      versions: versionsOf(["@binnacle/retriever", "ioredis", "@langchain/classic", "@langchain/core"]),
    };
    const rows = [
      ...vectorRows(await measureRedisVectors(server.url), base),
      ...hitRows(await measureSingleHits(server.url), base),
      ...traceRows(await runZipfTrace(server.url, randomNumbers(SEED)), base),
    ];
    return printFigures(`Caches over redis-server on 127.0.0.1; Node ${process.versions.node}`, rows);
  } finally {
    await server.close();
  }
}

type Base = Pick<Row, "suite" | "seed" | "versions">;

function vectorRows({ ours, langchain, raw, inLoop }: RedisVectors, base: Base): readonly Row[] {
  const name = "500 vectors x 1536";
  const { commands, isExact, bytes } = ours.result;
  // Processor time of the process, because on a busy machine all wait for the server alike. The least of the
  // runs, because other work disturbs it least.
  const factor = round(langchain.minCpuMs / ours.minCpuMs);
  const time = (measured: Measured<unknown>): Row => ({
    ...base,
    row: name,
    value: round(measured.medianMs),
    unit: "ms",
    cpuMs: round(measured.cpuMs),
    minMs: round(measured.minMs),
    maxMs: round(measured.maxMs),
    runs: measured.runs,
  });
  return [
    { ...time(ours), correct: isExact },
    { ...time(langchain), peer: PEER },
    { ...time(raw), peer: "ioredis mgetBuffer" },
    {
      ...base,
      row: `${name}: against one bare MGET`,
      value: round(ours.minCpuMs / raw.minCpuMs),
      unit: "times its processor time",
      inWallTime: round(ours.medianMs / raw.medianMs),
    },
    {
      ...base,
      row: `${name}: against LangChain's JSON`,
      value: factor,
      unit: "times less processor time",
      target: ">= 10",
      ok: factor >= 10,
      inWallTime: round(langchain.medianMs / ours.medianMs),
      oneMget: round(langchain.minCpuMs / raw.minCpuMs),
    },
    {
      ...base,
      row: `${name}: against LangChain's JSON, in a loop with its garbage`,
      value: round(inLoop.langchain.minCpuMs / inLoop.ours.minCpuMs),
      unit: "times less processor time",
      inWallTime: round(inLoop.langchain.medianMs / inLoop.ours.medianMs),
    },
    {
      ...base,
      row: `${name}: commands sent, one round trip`,
      value: commands,
      unit: "commands",
      target: "1",
      ok: commands === 1,
      correct: commands === 1,
    },
    { ...base, row: `${name}: size`, value: bytes, unit: "bytes per value" },
    { ...base, row: `${name}: size`, value: langchain.result.bytes, unit: "bytes per value", peer: PEER },
  ];
}

const TARGETS: Readonly<Record<string, number>> = { memory: 0.05, "tiers, near hit": 0.05, Redis: 2 };

function hitRows(hits: readonly SingleHits[], base: Base): readonly Row[] {
  return hits.flatMap(({ name, p50Ms, p99Ms, misses }) => {
    const most = TARGETS[name];
    const target = most === undefined ? {} : { target: `<= ${most}`, ok: p99Ms <= most };
    return [
      { ...base, row: `one hit, ${name}: p50`, value: precise(p50Ms), unit: "ms", correct: misses === 0 },
      { ...base, row: `one hit, ${name}: p99`, value: precise(p99Ms), unit: "ms", ...target },
    ];
  });
}

function traceRows(trace: ZipfTrace, base: Base): readonly Row[] {
  const { requests, writes, hits, misses, uncached, stale, near, far } = trace;
  const share = (part: number, all: number): number => (all === 0 ? 0 : round(part / all));
  const name = `${requests} questions by Zipf's law, ${writes} writes`;
  const isComplete = hits + misses === requests && uncached === 0;
  return [
    {
      ...base,
      row: `${name}: stale answers`,
      value: stale,
      unit: "answers",
      target: "0",
      ok: stale === 0,
      correct: stale === 0,
    },
    {
      ...base,
      row: `${name}: hit rate`,
      value: share(hits, hits + misses),
      unit: "share",
      correct: isComplete,
      hits,
      misses,
    },
    {
      ...base,
      row: `${name}: near tier's hit rate`,
      value: share(near.hits, near.hits + near.misses),
      unit: "share",
      ...near,
    },
    {
      ...base,
      row: `${name}: far tier's hit rate`,
      value: share(far.hits, far.hits + far.misses),
      unit: "share",
      ...far,
    },
  ];
}

const round = (value: number): number => Math.round(value * 100) / 100;
const precise = (value: number): number => Math.round(value * 10_000) / 10_000;
