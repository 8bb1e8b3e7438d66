import { createBm25Encoder, createChunker, createTokenizer } from "@binnacle/retriever";
import { RecursiveCharacterTextSplitter } from "@langchain/textsplitters";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { printFigures, type Row } from "./report.ts";
import { versionsOf } from "./versions.ts";

const sets = ["xquad-en-spans", "xquad-es-spans", "xquad-zh-spans"];
const folder =
  process.env["BINNACLE_RETRIEVAL_SETS"] ?? resolve(import.meta.dirname, "../../../shared/data/retrieval");
const versions = versionsOf(["@binnacle/retriever", "@langchain/textsplitters"]);
const [maxTokens, overlapTokens] = [300, 50];
const counts = [1, 2, 5];
const everyNth = 2;

/** A chunk of an article. */
interface Span {
  readonly docId: string;
  readonly start: number;
  readonly end: number;
}

interface SpanSet {
  readonly docs: Readonly<Record<string, string>>;
  readonly questions: readonly (Span & { readonly question: string })[];
}

/**
 * Measures how much of the answers is in the best chunks, and how much of these is answer. The chunks are
 * ranked by words. Returns true, because a share is neither right nor wrong.
 */
export async function chunkSpansSuite(): Promise<boolean> {
  for (const name of sets) {
    const path = join(folder, `${name}.json`);
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text === undefined) {
      console.log(`skipped: ${name} (${path} is not there; set BINNACLE_RETRIEVAL_SETS)`);
      continue;
    }
    const set: SpanSet = JSON.parse(text);
    printFigures(`${name}: recall and precision of the best chunks`, [
      ...(await rowsOf(name, set, await ours(set), undefined)),
      ...(await rowsOf(name, set, await langchain(set), "LangChain")),
    ]);
  }
  return true;
}

async function ours({ docs }: SpanSet): Promise<readonly Span[]> {
  const chunker = await createChunker({ maxTokens, overlapTokens });
  return Object.entries(docs).flatMap(([docId, text]) =>
    [...chunker.chunk({ id: docId, text, mediaType: "text/plain", metadata: {} })].map(({ start, end }) => ({
      docId,
      start,
      end,
    })),
  );
}

async function langchain({ docs }: SpanSet): Promise<readonly Span[]> {
  const tokenizer = await createTokenizer("o200k_base");
  const splitter = new RecursiveCharacterTextSplitter({
    chunkSize: maxTokens,
    chunkOverlap: overlapTokens,
    lengthFunction: (text) => tokenizer.count(text),
  });
  const spans: Span[] = [];
  for (const [docId, text] of Object.entries(docs)) {
    let from = 0;
    for (const piece of await splitter.splitText(text)) {
      const start = text.indexOf(piece, from);
      if (start < 0) throw new Error(`A chunk of ${docId} is not in its text.`);
      spans.push({ docId, start, end: start + piece.length });
      from = start + 1;
    }
  }
  return spans;
}

async function rowsOf(
  name: string,
  set: SpanSet,
  spans: readonly Span[],
  peer: string | undefined,
): Promise<readonly Row[]> {
  const questions = set.questions.filter((_, i) => i % everyNth === 0);
  const rankings = await ranked(
    set,
    spans,
    questions.map(({ question }) => question),
  );
  return counts.flatMap((count) => {
    let [recall, found, returned] = [0, 0, 0];
    questions.forEach((answer, i) => {
      const best = (rankings[i] ?? []).slice(0, count).flatMap((place) => spans[place] ?? []);
      const covered = coveredOf(answer, best);
      recall += covered / (answer.end - answer.start) / questions.length;
      found += covered;
      returned += best.reduce((sum, { start, end }) => sum + end - start, 0);
    });
    const row = (what: string, share: number): Row => ({
      suite: "spans",
      row: `${name}: ${what} of the best ${count}`,
      value: Number((share * 100).toFixed(2)),
      unit: "%",
      ...(peer !== undefined && { peer }),
      versions,
      seed: 0,
    });
    return [row("recall", recall), row("precision", found / returned)];
  });
}

/** Ranks the chunks for each question by BM25. */
async function ranked(
  { docs }: SpanSet,
  spans: readonly Span[],
  questions: readonly string[],
): Promise<readonly (readonly number[])[]> {
  const encoder = createBm25Encoder();
  const texts = spans.map(({ docId, start, end }) => docs[docId]?.slice(start, end) ?? "");
  const postings = new Map<number, { readonly place: number; readonly weight: number }[]>();
  for (const [place, { indices, values }] of (await encoder.encode(texts, { role: "document" })).entries())
    for (const [i, term] of indices.entries())
      postings.set(term, [...(postings.get(term) ?? []), { place, weight: values[i] ?? 0 }]);
  return (await encoder.encode(questions, { role: "query" })).map(({ indices }) => {
    const scores = new Map<number, number>();
    for (const term of indices) {
      const entries = postings.get(term) ?? [];
      const idf = Math.log(1 + (spans.length - entries.length + 0.5) / (entries.length + 0.5));
      for (const { place, weight } of entries) scores.set(place, (scores.get(place) ?? 0) + idf * weight);
    }
    return [...scores].sort(([, a], [, b]) => b - a).map(([place]) => place);
  });
}

/** Returns the number of the answer's characters that are in the chunks. */
function coveredOf(answer: Span, chunks: readonly Span[]): number {
  const isCovered = new Uint8Array(answer.end - answer.start);
  for (const { docId, start, end } of chunks) {
    if (docId !== answer.docId) continue;
    isCovered.fill(1, Math.max(0, start - answer.start), Math.max(0, end - answer.start));
  }
  return isCovered.reduce((sum, one) => sum + one, 0);
}
