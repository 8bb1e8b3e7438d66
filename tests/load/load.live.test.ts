import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { startFakeReplica, type FakeReplica } from "../servers/fake-replica/start-fake-replica.ts";
import { llamaServerMissing, startLlamaServer, type LlamaServer } from "../servers/llama-server.ts";

const program = fileURLToPath(new URL("../../bench/src/load/load.ts", import.meta.url));
const rowSchema = z.object({
  row: z.string(),
  p50: z.number().positive(),
  p95: z.number().positive(),
  firstToken: z.number().nullish(),
  perSecond: z.number().positive().optional(),
  failed: z.number().optional(),
});

/** Runs `npm run load` and returns its rows. Checks that the table for people has the same rows. */
async function load(...options: readonly string[]): Promise<readonly z.output<typeof rowSchema>[]> {
  const small = ["--requests", "2", "--concurrency", "2", "--tokens", "8"];
  const args = ["--conditions=@binnacle/source", program, ...small, ...options];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const [table, json] = [stdout.split("\n{")[0] ?? "", stdout.slice(stdout.indexOf("\n{"))];
  const rows = json
    .trim()
    .split("\n")
    .map((line) => rowSchema.parse(JSON.parse(line)));
  for (const { row } of rows) expect(table).toContain(row);
  return rows;
}

const texts = [
  "text embedding, one at a time",
  "text embedding, 2 callers",
  "text embedding, 8 callers in batches",
];
const stages = ["embedding", "search", "first token", "whole answer"].map((name) => `answer: ${name}`);
const answers = ["generation of 8 tokens, one at a time", "generation of 8 tokens, 2 callers"];

describe("npm run load", () => {
  let replica: FakeReplica;
  beforeAll(async () => {
    replica = await startFakeReplica(7);
  });
  afterAll(() => replica.close());

  test("prints latency, first token and throughput of a server with OpenAI's protocol (T54, T56)", async () => {
    const url = `${replica.url}/v1`;
    const rows = await load("--kind", "openai", "--url", url, "--embed-url", url, "--model", "fake");
    expect(rows.map(({ row }) => row)).toEqual([...texts, ...answers, ...stages]);
    expect(rows.slice(0, 5).map(({ failed }) => failed)).toEqual([0, 0, 0, 0, 0]);
    expect(rows.filter(({ firstToken }) => (firstToken ?? 0) > 0).map(({ row }) => row)).toEqual(answers);
  });

  test("refuses a wrong number and an unknown kind", async () => {
    await expect(load("--kind", "openai", "--url", replica.url, "--requests", "none")).rejects.toThrow(
      /usage/,
    );
    await expect(load("--kind", "other", "--url", replica.url)).rejects.toThrow(/unknown kind "other"/);
  });
});

const missing = await llamaServerMissing("own");
const because = missing === undefined ? "" : ` (skipped: ${missing})`;

describe.skipIf(missing !== undefined)(`npm run load on real llama-servers${because}`, () => {
  let servers: readonly LlamaServer[] = [];
  beforeAll(async () => {
    const kinds = ["embed", "chat", "rerank"] as const;
    servers = await Promise.all(kinds.map((kind) => startLlamaServer({ kind, args: ["--no-webui"] })));
  }, 60_000);
  afterAll(() => Promise.all(servers.map((server) => server.close())));

  test("prints latency and throughput of its embeddings, with batches and without (T54, T56)", async () => {
    const rows = await load("--kind", "llama-cpp", "--embed-url", servers[0]?.url ?? "");
    expect(rows.map(({ row, failed }) => [row, failed])).toEqual(texts.map((row) => [row, 0]));
  });

  test("prints the stages between a question and its answer, from the answers' own traces (T55)", async () => {
    const [embed = "", chat = "", rerank = ""] = servers.map(({ url }) => url);
    const urls = ["--url", chat, "--embed-url", embed, "--rerank-url", rerank];
    const rows = await load("--kind", "llama-cpp", ...urls);
    const times = new Map(rows.map(({ row, p50 }) => [row.replace("answer: ", ""), p50]));
    const [embedding = NaN, search = NaN, reranking = NaN, first = NaN, whole = NaN] = [
      "embedding",
      "search",
      "reranking",
      "first token",
      "whole answer",
    ].map((name) => times.get(name));
    for (const part of [embedding, search, reranking]) expect(part).toBeLessThan(first);
    expect(first).toBeLessThan(whole);
  }, 120_000);
});
