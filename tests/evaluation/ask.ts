import { createExtractiveAnswerer, createRetriever, type Answer } from "@binnacle/retriever";
import type { IndexedCorpus } from "./collections.ts";
import type { LabelledQuestion } from "./questions.ts";
import type { Outcome } from "./rates.ts";

/** A question with its outcome and the whole answer. */
export interface Asked extends Outcome {
  readonly question: string;
  readonly answer: Answer;
}

/** Asks the questions one after the other, with the answerer's default level of refusal. */
export async function askAll(
  { store, index }: IndexedCorpus,
  questions: readonly LabelledQuestion[],
): Promise<readonly Asked[]> {
  const answerer = createExtractiveAnswerer({ retriever: createRetriever({ store, index }) });
  const asked: Asked[] = [];
  for (const { question, pages, set, kind } of questions) {
    const answer = await answerer.answer(question);
    const isRight = ({ documentId }: { readonly documentId: string }): boolean => pages.includes(documentId);
    const place = answer.trace.retrieval.passages.findIndex(isRight);
    asked.push({
      question,
      answer,
      set,
      kind,
      isAnswerable: pages.length > 0,
      isAnswered: answer.mode !== "none",
      rank: place === -1 ? undefined : place + 1,
      isFirstCitationRight: answer.citations.slice(0, 1).some(isRight),
      isAnyCitationRight: answer.citations.some(isRight),
    });
  }
  return asked;
}
