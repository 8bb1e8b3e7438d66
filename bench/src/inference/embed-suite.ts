import { loadavg } from "node:os";
import { measureAlternating, type Contender, type Measured } from "../measure.ts";
import { printFigures, type Row } from "../report.ts";
import { versionsOf } from "../versions.ts";
import {
  aiSDKEmbedder,
  floatReader,
  langChainEmbedder,
  openAIEmbedder,
  ourEmbedder,
  type EmbedTexts,
} from "./embed-sides.ts";
import { decoders } from "./decoders.ts";
import { startReplay } from "./start-replay.ts";
import { embeddingsAnswer, vectors } from "./wire-fixtures.ts";

const [COUNT, DIMENSIONS] = [256, 1024];
const texts = Array.from({ length: COUNT }, (_, index) => `text number ${index}`);
const expected = vectors(COUNT, DIMENSIONS);

type Base = Pick<Row, "suite" | "seed" | "versions"> & { readonly load: number };
type Times = readonly Measured<readonly ArrayLike<number>[]>[];

/** Measures how vectors reach the app: the decoding alone, and a whole call beside peers. */
export async function embedSuite(): Promise<boolean> {
  const base: Base = {
    suite: "embed",
    seed: 7,
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    versions: versionsOf([
      "@binnacle/inference",
      "openai",
      "@langchain/openai",
      "ai",
      "@ai-sdk/openai-compatible",
    ]),
  };
  const rows = [...(await decodeRows(base)), ...(await memoryRows(base)), ...(await socketRows(base))];
  return printFigures(`Embeddings: ${COUNT} × ${DIMENSIONS}; load ${base.load}`, rows);
}

/** The body has arrived. Its decoding alone counts. */
async function decodeRows(base: Base): Promise<readonly Row[]> {
  const times = await measureAlternating(
    Object.entries(decoders(COUNT, DIMENSIONS)).map(([name, run]) => ({ name, run, runs: 41, warmups: 10 })),
  );
  const ratio = (name: string, target: number): Row => {
    const value = round(cpu(times, name) / cpu(times, "ours"));
    return {
      ...base,
      row: `decode of the body: CPU of ${name} ÷ ours`,
      value,
      unit: "×",
      target: `≥ ${target}`,
      ok: value >= target,
      ...same(times),
    };
  };
  return [ratio("openai", 5), ratio("floats", 10), ...cpuRows(base, "decode of the body", times)];
}

/** A whole call whose answer comes from memory: request, reading, decoding and checks. */
async function memoryRows(base: Base): Promise<readonly Row[]> {
  const url = "http://127.0.0.1:1";
  const headers = { "content-type": "application/json" };
  const fetch: typeof globalThis.fetch = async (_, init) =>
    new Response(new Uint8Array(embeddingsAnswer(typeof init?.body === "string" ? init.body : "")), {
      headers,
    });
  const times = await measure({
    ours: ourEmbedder(url, fetch),
    openai: openAIEmbedder(url, fetch),
    floats: floatReader(url, fetch),
  });
  const ratio = (name: string): Row => ({
    ...base,
    row: `whole call from memory: CPU of ${name} ÷ ours`,
    value: round(cpu(times, name) / cpu(times, "ours")),
    unit: "×",
    ...same(times),
  });
  return [ratio("openai"), ratio("floats"), ...cpuRows(base, "whole call from memory", times)];
}

function cpuRows(base: Base, what: string, times: Times): readonly Row[] {
  return times.map(({ name, minCpuMs }) => ({
    ...base,
    row: `${what}: ${name}`,
    value: round(minCpuMs),
    unit: "CPU ms, least",
  }));
}

/** A whole call over a socket, for all texts. */
async function socketRows(base: Base): Promise<readonly Row[]> {
  const replay = await startReplay(1);
  try {
    const times = await measure({
      ours: ourEmbedder(replay.url),
      openai: openAIEmbedder(replay.url),
      "@langchain/openai": langChainEmbedder(replay.url),
      ai: aiSDKEmbedder(replay.url),
    });
    const wrong = times.filter((one) => !isExpected(one)).map(({ name }) => name);
    return times.map(({ name, minCpuMs, medianMs, minMs, maxMs }) => ({
      ...base,
      row: `end to end: ${name}${wrong.includes(name) ? " (wrong numbers)" : ""}`,
      value: round(minCpuMs),
      unit: "CPU ms, least",
      medianMs: round(medianMs),
      minMs: round(minMs),
      maxMs: round(maxMs),
      ...(name === "ours" ? { correct: !wrong.includes(name) } : { peer: name }),
    }));
  } finally {
    await replay.close();
  }
}

function measure(sides: Readonly<Record<string, EmbedTexts>>): Promise<Times> {
  const contenders = Object.entries(sides).map(([name, embed]): Contender<readonly ArrayLike<number>[]> => ({
    name,
    run: () => embed(texts),
    runs: 15,
    warmups: 5,
  }));
  return measureAlternating(contenders);
}

function same(times: Times): { readonly correct: boolean } {
  return { correct: times.every(isExpected) };
}

function isExpected({ result }: { readonly result: readonly ArrayLike<number>[] }): boolean {
  if (result.length !== COUNT) return false;
  return result.every((vector, row) => {
    const wanted = expected[row];
    if (wanted === undefined || vector.length !== DIMENSIONS) return false;
    return wanted.every((value, index) => Math.abs(value - (vector[index] ?? NaN)) < 1e-6);
  });
}

function cpu(times: Times, name: string): number {
  return times.find((one) => one.name === name)?.minCpuMs ?? NaN;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
