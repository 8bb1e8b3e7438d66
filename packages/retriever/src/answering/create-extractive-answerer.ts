import type { Metadata } from "@binnacle/core";
import type { Answer, AnswerOptions, Answerer } from "./answer.ts";
import {
  checkQuestion,
  parseExtractiveAnswererOptions,
  type ExtractiveAnswererOptions,
} from "./answerer-options.ts";
import { buildAnswer, refuse } from "./build-answer.ts";
import { citePassage, type AnswerCitation } from "./citations/citation.ts";
import { withoutFootnotes } from "./citations/citation-markers.ts";
import { createAnswerStream } from "./create-answer-stream.ts";
import { understandQuestion } from "./conversation/understand-question.ts";
import { eventsOf, findPassages, type FoundPassages } from "./find-passages.ts";
import { startCall } from "./ongoing-call.ts";
import { bestSentences } from "./extractive/best-sentences.ts";
import type { RankedSentence } from "./extractive/rank-sentences.ts";

/**
 * Creates an answerer that needs no model. The answer consists of the documents' best sentences, each with
 * its exact range, and its mode is `extractive`. It refuses by the same rule as {@link createAnswerer}, at
 * level `strict` by default.
 */
export function createExtractiveAnswerer<M extends Metadata = Metadata>(
  options: ExtractiveAnswererOptions<M>,
): Answerer<M> {
  const { maxSentences, refuse: level, timeoutMs } = parseExtractiveAnswererOptions(options);
  const { retriever } = options;
  const finder = { retriever, refuse: level };
  const answer = async (question: string, callOptions: AnswerOptions<M>): Promise<Answer> => {
    const call = startCall("answer", callOptions, timeoutMs);
    try {
      const asked = { question, history: callOptions.history ?? [] };
      const understood = await understandQuestion(asked, call.options);
      call.enter("retrieve");
      const found = await findPassages(finder, understood, callOptions, call.options);
      return found.relevance.relevant ? extract(found, maxSentences) : refuse(found);
    } finally {
      call.end();
    }
  };
  return {
    answer: async (question, callOptions = {}) => {
      checkQuestion("answer", question, callOptions);
      return answer(question, callOptions);
    },
    stream: (question, callOptions = {}) => {
      checkQuestion("stream", question, callOptions);
      return createAnswerStream(callOptions.signal, async function* (signal) {
        yield* eventsOf(await answer(question, { ...callOptions, signal }));
      });
    },
  };
}

function extract(found: FoundPassages, maxSentences: number): Answer {
  const sentences = bestSentences(found.retrieval, maxSentences);
  const citations = sentences.map((sentence, index): AnswerCitation => ({
    ...citePassage(sentence.passage, index + 1, sentence),
    by: "extraction",
  }));
  return buildAnswer(found, {
    answer: sentences.map((sentence, index) => withMarker(sentence, index + 1)).join("\n\n"),
    mode: "extractive",
    citations,
    sources: citations,
  });
}

/** Writes a sentence on one line, and a list or code on its own lines, with the number of its citation. */
function withMarker({ shown, isBlock }: RankedSentence, number: number): string {
  const words = withoutFootnotes(shown);
  if (!isBlock) return `${words.replace(/\s+/gu, " ")} [${number}]`;
  const lines = words.replace(/\n\s*\n/gu, "\n").trimEnd();
  return /(?:`{3}|~{3})$/u.test(lines) ? `${lines}\n[${number}]` : `${lines} [${number}]`;
}
