// npm run load -- --url URL --kind KIND [--model NAME] [--embed-url URL] [--requests N] [--concurrency N]
//   [--tokens 128,512] [--rerank-url URL]
// With --url and --embed-url it also prints the stages between a question and its answer.
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { printRows, printTable, type Row } from "../report.ts";
import { connect, kinds, type Servers } from "./connect.ts";
import { measureAnswers, type AnswerFigures, type StageFigures } from "./measure-answers.ts";
import { measureEmbedding, measureGeneration, type Figures } from "./measure-server.ts";

const usage = `usage: npm run load -- --url URL --kind ${kinds.join("|")} [--model NAME] [--embed-url URL] [--rerank-url URL] [--requests 20] [--concurrency 8] [--tokens 128,512]`;

const { values } = parseArgs({
  options: {
    url: { type: "string" },
    kind: { type: "string" },
    model: { type: "string" },
    "embed-url": { type: "string" },
    "rerank-url": { type: "string" },
    requests: { type: "string", default: "20" },
    concurrency: { type: "string", default: "8" },
    tokens: { type: "string", default: "128,512" },
  },
});

const { url, kind, model, "embed-url": embedUrl, "rerank-url": rerankUrl, requests, concurrency } = values;
const lengths = values.tokens.split(",").map(Number);
const counts = [...lengths, Number(requests), Number(concurrency)];
const isComplete = (url !== undefined || embedUrl !== undefined) && kind !== undefined;
if (!isComplete || counts.some((count) => !Number.isInteger(count) || count < 1)) {
  console.error(usage);
  process.exit(1);
}
const servers = connect({ url, embedUrl, rerankUrl, kind, model });
try {
  const figures = await measure(servers, Number(requests), Number(concurrency));
  const answers = await measureFromQuestion(servers, Number(requests));
  printServer(figures);
  if (answers !== undefined) printStages(answers);
  printRows([...figures.map(serverRow), ...(answers?.stages ?? []).map(stageRow)]);
} finally {
  await Promise.all([servers.backend?.close(), servers.embedder?.close(), servers.reranker?.close()]);
}

async function measure(
  { backend, embedder }: Servers,
  count: number,
  callers: number,
): Promise<readonly Figures[]> {
  const figures: Figures[] = [];
  if (embedder !== undefined) figures.push(...(await measureEmbedding(embedder, count, callers)));
  if (backend !== undefined) {
    for (const tokens of lengths)
      figures.push(
        ...(await measureGeneration(backend, { tokens, count: Math.ceil((count * 64) / tokens), callers })),
      );
  }
  return figures;
}

function ms(value: number): string {
  return Number.isNaN(value) ? "–" : value >= 100 ? value.toFixed(0) : value.toFixed(1);
}

/** Undefined unless there are servers for both ends. */
async function measureFromQuestion(
  { backend, embedder, reranker }: Servers,
  count: number,
): Promise<AnswerFigures | undefined> {
  if (backend === undefined || embedder === undefined) return undefined;
  return await measureAnswers({ backend, embedder, reranker }, { count, tokens: lengths[0] ?? 1 });
}

function printServer(figures: readonly Figures[]): void {
  printTable(
    `Model server ${url ?? embedUrl} (${kind}); ${load()}`,
    ["", "p50 ms", "p95 ms", "first token ms", "per second", "per minute", "failed"],
    figures.map(({ name, p50, p95, firstToken, perSecond, failed }) => [
      name,
      ms(p50),
      ms(p95),
      ms(firstToken),
      perSecond.toFixed(2),
      (perSecond * 60).toFixed(0),
      String(failed),
    ]),
  );
}

function printStages({ stages, questions, failed }: AnswerFigures): void {
  printTable(
    `From question to answer: ${questions} questions, ${failed} without an answer; ${load()}`,
    ["", "p50 ms", "p95 ms"],
    stages.map(({ name, p50, p95 }) => [`answer: ${name}`, ms(p50), ms(p95)]),
  );
}

function load(): string {
  return `load of this machine ${(loadavg()[0] ?? 0).toFixed(1)}`;
}

function serverRow(figures: Figures): Row {
  return {
    suite: "load",
    row: figures.name,
    value: figures.p50,
    unit: "ms",
    versions: {},
    seed: 0,
    ...figures,
  };
}

function stageRow({ name, ...times }: StageFigures): Row {
  return {
    suite: "load",
    row: `answer: ${name}`,
    value: times.p50,
    unit: "ms",
    versions: {},
    seed: 0,
    ...times,
  };
}
