import type { Embedder, InferenceBackend, Reranker } from "@binnacle/core";
import {
  createAnswerer,
  createBm25Encoder,
  createChunker,
  createIndexer,
  createRetriever,
  defineIndex,
  MemoryStore,
  type Answer,
  type Answerer,
} from "@binnacle/retriever";

/** The servers between a question and its answer. */
export interface AnswerServers {
  readonly backend: InferenceBackend;
  readonly embedder: Embedder;
  readonly reranker?: Reranker | undefined;
}

/** Times of one stage of an answer, in milliseconds. */
export interface StageFigures {
  readonly name: string;
  readonly p50: number;
  readonly p95: number;
}

/** The table of the stages. */
export interface AnswerFigures {
  readonly stages: readonly StageFigures[];
  readonly questions: number;
  /** Questions without an answer from the model. They are in no stage. */
  readonly failed: number;
}

/** The milliseconds of one answer, by stage. The first token counts from the question. */
type Times = Readonly<Record<string, number | undefined>>;

const stages = ["embedding", "search", "reranking", "first token", "whole answer"] as const;
const things = [
  "crane",
  "ferry",
  "lighthouse",
  "dry dock",
  "pilot boat",
  "tide gauge",
  "slipway",
  "bell buoy",
];
const documents = 200;

/** Asks questions one after the other about 200 short documents, and reads the stages from each answer's trace. */
export async function measureAnswers(
  servers: AnswerServers,
  { count, tokens }: { readonly count: number; readonly tokens: number },
): Promise<AnswerFigures> {
  const answerer = await createHarbour(servers, tokens);
  const times: Times[] = [];
  await timesOf(answerer, 0).catch(() => undefined); // connections and caches
  for (let question = 1; question <= count; question += 1) {
    const found = await timesOf(answerer, question).catch(() => undefined);
    if (found !== undefined) times.push(found);
  }
  return {
    stages: stages.flatMap((name) => figuresOf(name, times)),
    questions: count,
    failed: count - times.length,
  };
}

async function createHarbour(
  { backend, embedder, reranker }: AnswerServers,
  maxTokens: number,
): Promise<Pick<Answerer, "stream">> {
  const store = new MemoryStore();
  const chunker = await createChunker({ maxTokens: 128 });
  const index = defineIndex({ name: "harbour", chunker, embedder, sparse: createBm25Encoder() });
  const pages = Array.from({ length: documents }, (_, n) => ({
    id: `page ${n}`,
    text: sentence(n),
    metadata: {},
  }));
  (await createIndexer({ store, index }).upsert(pages)).throwIfFailed();
  const retriever = createRetriever({ store, index, limit: 5, ...(reranker && { reranker }) });
  return createAnswerer({ retriever, backend, maxTokens, refuse: "off" });
}

function sentence(n: number): string {
  return `The ${things[n % things.length]} at quay ${n} opens at ${n % 24} o'clock and is looked after by keeper ${n + 500}.`;
}

/** Returns undefined if the model was not asked. */
async function timesOf(answerer: Pick<Answerer, "stream">, n: number): Promise<Times | undefined> {
  const startedAt = performance.now();
  let firstTokenMs: number | undefined;
  let answer: Answer | undefined;
  for await (const event of answerer.stream(
    `When does the ${things[n % things.length]} at quay ${n} open?`,
  )) {
    if (event.type === "text" || event.type === "reasoning") firstTokenMs ??= performance.now() - startedAt;
    if (event.type === "finish") answer = event.answer;
  }
  if (answer === undefined || answer.trace.messages.length === 0) return undefined;
  const { retrieval, totalMs } = answer.trace;
  const { embedMs, searchMs, rerank } = retrieval.trace;
  return {
    embedding: embedMs,
    search: searchMs,
    reranking: rerank?.error === undefined ? rerank?.rerankMs : undefined,
    "first token": firstTokenMs,
    "whole answer": totalMs,
  };
}

function figuresOf(name: (typeof stages)[number], times: readonly Times[]): readonly StageFigures[] {
  const found = times.flatMap((one) => one[name] ?? []).sort((a, b) => a - b);
  const at = (share: number): number =>
    found[Math.min(found.length - 1, Math.floor(found.length * share))] ?? NaN;
  return found.length === 0 ? [] : [{ name, p50: at(0.5), p95: at(0.95) }];
}
