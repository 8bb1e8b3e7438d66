import type { StoredChunk } from "@binnacle/core";
import { createExtractiveAnswerer } from "@binnacle/retriever";
import { retrieverOf, type RagSystem } from "./rag-system.ts";

/** Most points to read and most questions to try. */
const mostPoints = 500;
const mostQuestions = 12;

/**
 * Returns a question that the documents of a source answer: about a title, else a heading, else their first
 * words. Undefined if they answer none, such as a folder of digits.
 */
export async function questionFromIndex(
  system: RagSystem,
  sourceId: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const answerer = createExtractiveAnswerer({ retriever: retrieverOf(system, { limit: 4 }) });
  const subjects = await subjectsOf(system, sourceId, signal);
  for (const subject of subjects.slice(0, mostQuestions)) {
    const question = `What is "${subject.replaceAll('"', "'")}" about?`;
    const { citations } = await answerer.answer(question, { signal });
    // A heading that answers with itself is not an answer.
    if (citations.some(({ text }) => plain(text) !== plain(subject))) return question;
  }
  return undefined;
}

async function subjectsOf(
  { store, collection }: RagSystem,
  sourceId: string,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const chunks: StoredChunk[] = [];
  for await (const { chunk } of store.collection(collection).scan({ sourceId, signal })) {
    if (chunks.push(chunk) >= mostPoints) break;
  }
  const titles = chunks.map(({ title = "" }) => title);
  const headings = chunks.map(({ path }) => path.at(-1) ?? "");
  const beginnings = chunks.map(({ text }) => text.trim().split(/\s+/u).slice(0, 8).join(" "));
  const few = mostQuestions / 3;
  const distinct = (subjects: readonly string[]): readonly string[] =>
    [...new Set(subjects)].filter((subject) => plain(subject) !== "" && subject.length <= 120).slice(0, few);
  return [...distinct(titles), ...distinct(headings), ...distinct(beginnings)];
}

function plain(text: string): string {
  return text.replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}
