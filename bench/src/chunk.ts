import { createTextChunker, createTokenizer } from "@binnacle/retriever";
import type { Tokenizer } from "@binnacle/core";
import { corpusSplitters, gptTokenizerPass, langchainWithGptTokenizer } from "./chunk-contenders.ts";
import { hostileInputs, readCorpus, type Corpus } from "./chunk-corpus.ts";
import { qualityOf, type Piece, type Quality } from "./chunk-quality.ts";
import { measureAlternating, type Measured } from "./measure.ts";
import { printRows, printTable, type Row } from "./report.ts";
import { versionsOf } from "./versions.ts";

const MAX_TOKENS = 300;
const PASS = "gpt-tokenizer, one bare encode pass";

const packages = [
  "@binnacle/retriever",
  "@langchain/textsplitters",
  "@langchain/core",
  "@llamaindex/core",
  "@chonkiejs/core",
  "gpt-tokenizer",
  "js-tiktoken",
];

/** The fields that all rows of a run share. */
interface Setting {
  readonly corpus: Corpus;
  readonly versions: Row["versions"];
}

/**
 * Compares the speed and the correctness of chunking with peers. `--quick` skips runs of many seconds.
 * Returns true if all our figures are correct.
 */
export async function chunkSuite(options: readonly string[]): Promise<boolean> {
  const tokenizer = await createTokenizer("o200k_base");
  const corpus = readCorpus();
  const setting: Setting = { corpus, versions: versionsOf(packages) };
  console.log(
    `chunk: ${corpus.text.length} characters of Markdown from ${corpus.files} files, sha256 ${corpus.hash}; ` +
      `300 tokens with 50 overlap of o200k_base; Node ${process.versions.node}; one process, warm-up dropped, alternating order, medians; js-tiktoken runs three times and LlamaIndex once`,
  );
  const isQuick = options.includes("--quick");
  const corpusRows = await runCorpus(setting, tokenizer, isQuick);
  const hostileRows = await runHostile(setting, tokenizer);
  const rows = [...corpusRows, ...hostileRows];
  printRows(rows);
  return rows.every(({ correct }) => correct !== false);
}

async function runCorpus(setting: Setting, tokenizer: Tokenizer, isQuick: boolean): Promise<readonly Row[]> {
  const { corpus } = setting;
  const splitters = (await corpusSplitters(tokenizer)).filter(({ runs }) => !isQuick || runs > 2);
  const measured = await measureAlternating<readonly Piece[]>([
    ...splitters.map(({ name, split, runs, warmups }) => ({
      name,
      runs,
      warmups,
      run: () => split(corpus.text),
    })),
    { name: PASS, runs: 7, warmups: 2, run: () => gptTokenizerPass(corpus.text) },
  ]);
  const peers = new Map(splitters.map(({ name, peer }) => [name, peer]));
  const tokens = new Map(splitters.map(({ name, countsTokens }) => [name, countsTokens]));
  const qualities = new Map(
    measured
      .filter(({ name }) => name !== PASS)
      .map(({ name, result }) => [name, qualityOf(corpus.text, result, tokenizer)]),
  );
  printCorpus(measured, qualities);
  const figures = measured.map((entry): Row => {
    const quality = qualities.get(entry.name);
    const peer = entry.name === PASS ? "gpt-tokenizer" : peers.get(entry.name);
    const limit = tokens.get(entry.name) === true ? MAX_TOKENS : Infinity;
    return {
      ...baseRow(entry.name, entry.cpuMs, "CPU ms", setting),
      ...(peer === undefined ? {} : { peer }),
      wallMs: round(entry.medianMs),
      minMs: round(entry.minMs),
      maxMs: round(entry.maxMs),
      runs: entry.runs,
      ...quality,
      ...(peer === undefined && quality !== undefined ? { correct: isRight(quality, limit) } : {}),
    };
  });
  return [...figures, ...ratios(measured, setting)];
}

function isRight({ maxTokens, offsets, coverage }: Quality, limit: number): boolean {
  return maxTokens <= limit && offsets === 1 && coverage === 1;
}

function ratios(measured: readonly Measured<readonly Piece[]>[], setting: Setting): readonly Row[] {
  const time = (name: string): number =>
    measured.find((entry) => entry.name === name)?.minCpuMs ?? Number.NaN;
  const wanted = [
    ["LangChain Recursive + gpt-tokenizer", 3],
    ["LangChain Recursive + js-tiktoken", 40],
    [PASS, 1],
  ] as const;
  const rows = ["Binnacle Markdown", "Binnacle text"].flatMap((mine) =>
    wanted.flatMap(([name, least]) => {
      const times = time(name) / time(mine);
      if (Number.isNaN(times)) return [];
      const row = baseRow(`${mine} against ${name}`, times, "times as fast", setting);
      return [{ ...row, target: `>= ${least}`, ok: times >= least }];
    }),
  );
  printTable(
    "How many times as fast, by the least processor time of a run",
    ["", "times", "target", "ok"],
    rows.map(({ row, value, target, ok }) => [row, String(value), target, ok ? "yes" : "no"]),
  );
  return rows;
}

function printCorpus(
  measured: readonly Measured<readonly Piece[]>[],
  qualities: ReadonlyMap<string, Quality>,
): void {
  const percent = (share: number | undefined): string =>
    share === undefined ? "none" : `${(share * 100).toFixed(2)} %`;
  printTable(
    "1 MB of Markdown",
    [
      "",
      "CPU ms",
      "wall ms",
      "min–max",
      "runs",
      "chunks",
      "mean tokens",
      "max tokens",
      "offsets right",
      "verbatim",
      "covered",
    ],
    measured.map(({ name, cpuMs, medianMs, minMs, maxMs, runs }) => {
      const quality = qualities.get(name);
      const times = [
        cpuMs.toFixed(0),
        medianMs.toFixed(0),
        `${minMs.toFixed(0)}–${maxMs.toFixed(0)}`,
        String(runs),
      ];
      if (quality === undefined) return [name, ...times, "", "", "", "", "", ""];
      const { chunks, meanTokens, maxTokens, offsets, verbatim, coverage } = quality;
      return [
        name,
        ...times,
        String(chunks),
        meanTokens.toFixed(0),
        String(maxTokens),
        percent(offsets),
        percent(verbatim),
        percent(coverage),
      ];
    }),
  );
}

async function runHostile(setting: Setting, tokenizer: Tokenizer): Promise<readonly Row[]> {
  const chunker = await createTextChunker({ tokenizer });
  const langchain = langchainWithGptTokenizer();
  const cut = (text: string): readonly Piece[] => [
    ...chunker.chunk({ id: "hostile", text, mediaType: "text/plain", metadata: {} }),
  ];
  const rows: Row[] = [];
  for (const [name, make] of Object.entries(hostileInputs(setting.corpus.text))) {
    const short = make(8_192);
    const long = make(65_536);
    const [small, large] = await measureAlternating<readonly Piece[]>([
      {
        name: "8 times 8k",
        runs: 5,
        warmups: 2,
        run: () => Array.from({ length: 8 }, () => cut(short)).flat(),
      },
      { name: "64k", runs: 5, warmups: 1, run: () => cut(long) },
    ]);
    const [peer] = await measureAlternating([
      { name, runs: 1, warmups: 0, run: () => langchain.split(short) },
    ]);
    if (small === undefined || large === undefined || peer === undefined) continue;
    const quality = qualityOf(long, large.result, tokenizer);
    const times = (8 * large.minCpuMs) / small.minCpuMs;
    const base = baseRow(`${name}, 64k`, large.minCpuMs, "CPU ms", setting);
    const peerRow = baseRow(`${name}, 8k`, peer.minCpuMs, "CPU ms", setting);
    rows.push(
      {
        ...base,
        target: "<= 250 ms, <= 12 times the 8k time",
        ok: large.minCpuMs <= 250 && times <= 12,
        wallMs: round(large.medianMs),
        shortMs: round(small.minCpuMs / 8),
        times: round(times),
        runs: 5,
        ...quality,
        correct: isRight(quality, MAX_TOKENS),
      },
      {
        ...peerRow,
        peer: "@langchain/textsplitters + gpt-tokenizer",
        runs: 1,
        ...qualityOf(short, peer.result, tokenizer),
      },
    );
  }
  printHostile(rows);
  return rows;
}

function printHostile(rows: readonly Row[]): void {
  const cells = rows.flatMap((row, i) => {
    const peer = rows[i + 1];
    if (row.peer !== undefined || peer === undefined) return [];
    const { shortMs, value, times, ok, maxTokens, coverage } = row;
    return [
      [
        row.row,
        shortMs,
        value,
        times,
        ok === true ? "yes" : "no",
        maxTokens,
        coverage,
        peer.value,
        peer["maxTokens"],
      ].map(String),
    ];
  });
  printTable(
    "Hostile inputs, text chunker, least processor time; LangChain + gpt-tokenizer at 8k, once",
    ["", "8k ms", "64k ms", "times", "ok", "max tokens", "covered", "LangChain 8k ms", "its max tokens"],
    cells,
  );
}

const round = (value: number): number => Math.round(value * 100) / 100;

function baseRow(row: string, value: number, unit: string, { corpus, versions }: Setting): Row {
  return { suite: "chunk", row, value: round(value), unit, versions, seed: corpus.hash };
}
