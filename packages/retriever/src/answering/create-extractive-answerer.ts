import type { Metadata } from "@binnacle/core";
import type { Answer, AnswerOptions, Answerer } from "./answer.ts";
import {
  checkQuestion,
  parseExtractiveAnswererOptions,
  type ExtractiveAnswererOptions,
} from "./answerer-options.ts";
import { buildAnswer } from "./build-answer.ts";
import { citePassage, type AnswerCitation } from "./citations/citation.ts";
import { withoutFootnotes } from "./citations/citation-markers.ts";
import { createAnswerStream } from "./create-answer-stream.ts";
import { eventsOf, findPassages, refusal, type FoundPassages } from "./find-passages.ts";
import { startCall } from "./ongoing-call.ts";
import { rankSentences } from "./extractive/rank-sentences.ts";

/** Sentences that say much less than the best one add noise, not an answer. */
const minShareOfBest = 0.75;

/**
 * Makes an answerer without a model: the answer is the best sentences of the documents, each with its exact range, and
 * the reply says `mode: "extractive"`. It refuses by the same rule as {@link createAnswerer}.
 */
export function createExtractiveAnswerer<M extends Metadata = Metadata>(
  options: ExtractiveAnswererOptions<M>,
): Answerer<M> {
  const { maxSentences, timeoutMs } = parseExtractiveAnswererOptions(options);
  const { retriever, minCoverage } = options;
  const answer = async (question: string, callOptions: AnswerOptions<M>): Promise<Answer> => {
    const call = startCall("answer", callOptions, timeoutMs);
    try {
      call.enter("retrieve");
      const found = await findPassages({ retriever, minCoverage }, question, callOptions, call.options);
      return found.relevance.relevant ? extract(found, maxSentences) : refusal(found);
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
  const ranked = rankSentences(found.retrieval);
  const least = (ranked[0]?.score ?? 0) * minShareOfBest;
  const distinct = ranked.filter(
    ({ text }, index) => ranked.findIndex((other) => other.text === text) === index,
  );
  const chosen = distinct
    .filter(({ score, hasOwnTerm }, index) => score > 0 && score >= least && (index === 0 || hasOwnTerm))
    .slice(0, maxSentences);
  const citations = chosen.map((sentence, index): AnswerCitation => ({
    ...citePassage(sentence.passage, index + 1, sentence),
    by: "extraction",
  }));
  if (citations.length === 0) return refusal(found);
  return buildAnswer(found, {
    answer: citations.map(({ text, number }) => `${onOneLine(text)} [${number}]`).join("\n\n"),
    mode: "extractive",
    citations,
    sources: citations,
  });
}

function onOneLine(text: string): string {
  return withoutFootnotes(text).replace(/\s+/gu, " ");
}
