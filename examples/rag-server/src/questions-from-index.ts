import type { CallOptions, StoredChunk } from "@binnacle/core";
import { createExtractiveAnswerer } from "@binnacle/retriever";
import { retrieverOf, type RagSystem } from "./rag-system.ts";

/** Most points to read and most questions to try. */
const mostPoints = 500;
const mostTried = 12;

/** Options of {@link questionsFromIndex}. */
export interface QuestionOptions extends CallOptions {
  /** The only source to read. Undefined: all. */
  readonly sourceId?: string | undefined;
  /** The most questions to return. */
  readonly count: number;
}

/**
 * Returns questions that the documents answer: about titles, then headings, then their first words. Empty if
 * they answer none, such as a folder of digits.
 */
export async function questionsFromIndex(
  system: RagSystem,
  { sourceId, count, ...call }: QuestionOptions,
): Promise<readonly string[]> {
  const answerer = createExtractiveAnswerer({ retriever: retrieverOf(system, { limit: 4 }) });
  const found: string[] = [];
  for (const subject of await subjectsOf(system, sourceId, call)) {
    if (found.length >= count) break;
    const question = questionAbout(subject);
    const { citations } = await answerer.answer(question, call);
    // A heading that answers with itself is not an answer.
    if (citations.some(({ text }) => plain(text) !== plain(subject))) found.push(question);
  }
  return found;
}

/** A heading that is a question already stays as it is. */
function questionAbout(subject: string): string {
  return subject.trim().endsWith("?") ? subject.trim() : `What is "${subject.replaceAll('"', "'")}" about?`;
}

async function subjectsOf(
  { store, collection }: RagSystem,
  sourceId: string | undefined,
  call: CallOptions,
): Promise<readonly string[]> {
  const chunks: StoredChunk[] = [];
  for await (const { chunk } of store.collection(collection).scan({ sourceId, ...call })) {
    if (chunks.push(chunk) >= mostPoints) break;
  }
  const titles = chunks.map(({ title = "" }) => title);
  const headings = chunks.map(({ path }) => path.at(-1) ?? "");
  const beginnings = chunks.map(({ text }) => text.trim().split(/\s+/u).slice(0, 8).join(" "));
  const few = mostTried / 3;
  const distinct = (subjects: readonly string[]): readonly string[] =>
    [...new Set(subjects)].filter((subject) => plain(subject) !== "" && subject.length <= 120).slice(0, few);
  return [...distinct(titles), ...distinct(headings), ...distinct(beginnings)];
}

function plain(text: string): string {
  return text.replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}
