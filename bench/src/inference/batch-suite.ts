import { loadavg } from "node:os";
import { createBatchingEmbedder } from "@binnacle/inference";
import { LlamaCppEmbedder } from "@binnacle/inference/llama-cpp";
import { llamaServerMissing, startLlamaServer } from "../../../tests/servers/llama-server.ts";
import { printFigures, type Row } from "../report.ts";
import { versionsOf } from "../versions.ts";

const [TEXTS, SINGLES, CALLERS, BATCH] = [1_000, 200, 64, 32];
const words = ["tide", "harbour", "compass", "anchor", "ledger", "lighthouse", "sextant"];
const texts = Array.from(
  { length: TEXTS },
  (_, index) => `The ${words[index % words.length]} number ${index} stands by the quay.`,
);

/**
 * 1,000 calls of one text each from 64 callers, against a real llama-server and its own batched rate. `--full`
 * repeats both three times.
 */
export async function batchSuite(options: readonly string[]): Promise<boolean> {
  const rounds = options.includes("--full") ? 3 : 1;
  const missing = await llamaServerMissing();
  if (missing !== undefined) throw new Error(`bench batch: ${missing}`);
  const server = await startLlamaServer({ kind: "embed" });
  let requests = 0;
  const counted: typeof fetch = (input, init) => {
    requests += 1;
    return fetch(input, init);
  };
  await using single = new LlamaCppEmbedder({ url: server.url, fetch: counted });
  await using batching = createBatchingEmbedder(single, { maxItems: BATCH });
  try {
    await single.embed(texts.slice(0, BATCH), { role: "document" });
    const rates: Record<"server" | "batching" | "singles", number[]> = {
      server: [],
      batching: [],
      singles: [],
    };
    let sent = 0;
    let isRight = true;
    for (let round = 0; round < rounds; round++) {
      rates.server.push(await rateOf(TEXTS, () => rawBatches(server.url)));
      requests = 0;
      rates.batching.push(
        await rateOf(TEXTS, async () => (isRight = (await callers(batching, TEXTS)) && isRight)),
      );
      sent = requests;
    }
    rates.singles.push(await rateOf(SINGLES, () => callers(single, SINGLES)));
    const rows = rowsOf({ rates, sent, isRight });
    return printFigures(`Batching: ${TEXTS} texts of ${CALLERS} callers`, rows) && isRight;
  } finally {
    await server.close();
  }
}

interface Found {
  readonly rates: Readonly<Record<"server" | "batching" | "singles", readonly number[]>>;
  readonly sent: number;
  readonly isRight: boolean;
}

function rowsOf({ rates, sent, isRight }: Found): readonly Row[] {
  const load = Math.round((loadavg()[0] ?? 0) * 10) / 10;
  const base = {
    suite: "batch",
    seed: "numbered sentences",
    versions: versionsOf(["@binnacle/inference"]),
    load,
  };
  const share = round(median(rates.batching) / median(rates.server));
  const ideal = Math.ceil(TEXTS / BATCH);
  return [
    {
      ...base,
      row: "requests",
      value: sent,
      unit: "",
      target: `about ${ideal}`,
      ok: sent <= ideal * 1.25,
      correct: isRight,
    },
    {
      ...base,
      row: "share of the server's own batched rate",
      value: share,
      unit: "×",
      target: "≥ 0.9",
      ok: share >= 0.9,
    },
    {
      ...base,
      row: "texts with batching",
      value: round(median(rates.batching)),
      unit: "1/s",
      all: rates.batching.map(round),
    },
    {
      ...base,
      row: "texts in the server's own batches of 32",
      value: round(median(rates.server)),
      unit: "1/s",
      all: rates.server.map(round),
    },
    {
      ...base,
      row: `texts one by one, ${SINGLES} of them`,
      value: round(median(rates.singles)),
      unit: "1/s",
    },
  ];
}

type Embeds = Pick<LlamaCppEmbedder, "embed">;

/** Runs the callers until all texts are embedded. Returns false if a text got another text's vector. */
async function callers(embedder: Embeds, count: number): Promise<boolean> {
  const vectors: Float32Array[] = [];
  let next = 0;
  const caller = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) {
      const { outcomes } = await embedder.embed(texts.slice(index, index + 1), { role: "document" });
      if (outcomes[0] instanceof Float32Array) vectors[index] = outcomes[0];
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  const { outcomes } = await embedder.embed(texts.slice(7, 8), { role: "document" });
  const [again] = outcomes;
  return (
    Object.keys(vectors).length === count &&
    again instanceof Float32Array &&
    cosine(again, vectors[7]) > 0.999
  );
}

/** The server's own rate: batches of 32 texts by a plain `fetch`, one after the other. */
async function rawBatches(url: string): Promise<void> {
  const headers = { "content-type": "application/json" };
  for (let at = 0; at < TEXTS; at += BATCH) {
    const body = JSON.stringify({ input: texts.slice(at, at + BATCH), encoding_format: "base64" });
    const response = await fetch(`${url}/v1/embeddings`, { method: "POST", headers, body });
    await response.json();
  }
}

async function rateOf(count: number, run: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await run();
  return count / ((performance.now() - startedAt) / 1_000);
}

function cosine(left: Float32Array, right: Float32Array | undefined): number {
  return left.reduce((sum, value, index) => sum + value * (right?.[index] ?? 0), 0);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
