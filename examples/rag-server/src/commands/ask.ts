import { ConfigurationError } from "@binnacle/core";
import type { Answer, AnswerStream } from "@binnacle/retriever";
import { exitStatus } from "../exit-status.ts";
import { answererOf, withRagSystem } from "../rag-system.ts";
import type { Terminal } from "../terminal.ts";
import { requireSearchable } from "../vector-space.ts";
import type { CommonOptions } from "./common-options.ts";

/** Options of `ask`. */
export interface AskOptions extends CommonOptions {
  readonly question: string;
}

/** Prints a cited answer. */
export async function ask(options: AskOptions, terminal: Terminal): Promise<number> {
  if (options.question.trim() === "") throw new ConfigurationError("the question is empty; ask something");
  return await withRagSystem({ ...options, readOnly: true, onWarning: terminal.note }, async (system) => {
    await requireSearchable(system, { signal: options.signal, onNote: terminal.note });
    const answerer = answererOf(system);
    const { question, signal } = options;
    const answer = terminal.isWatched
      ? await printAsItComes(answerer.stream(question, { signal }), terminal)
      : await answerer.answer(question, { signal });
    if (terminal.isWatched) printCitations(answer, terminal);
    else printAnswer(answer, terminal);
    terminal.result(answerJson(answer));
    return exitStatus.ok;
  });
}

/** The answer as every machine-readable output of this example shows it. */
export interface AnswerJson {
  readonly question: string;
  readonly answer: string;
  readonly mode: "generated" | "extractive" | "none";
  readonly citations: readonly CitationJson[];
}

/** One cited range; `text` is the document's text from `start` to `end`. */
export interface CitationJson {
  readonly number: number;
  readonly documentId: string;
  readonly start: number;
  readonly end: number;
  readonly score: number;
  readonly text: string;
}

export function answerJson({ question, answer, mode, citations }: AnswerJson): AnswerJson {
  return {
    question,
    answer,
    mode,
    citations: citations.map(({ number, documentId, start, end, score, text }) => ({
      number,
      documentId,
      start,
      end,
      score,
      text,
    })),
  };
}

/** Shows the answer while the model writes it. */
export async function printAsItComes(stream: AnswerStream, terminal: Terminal): Promise<Answer> {
  try {
    for await (const event of stream) if (event.type === "text") terminal.write(event.text);
  } finally {
    terminal.write("\n");
  }
  const answer = await stream.result;
  if (answer.trace.endedInCircles) terminal.note("The model repeated itself and was stopped.");
  terminal.write("\n");
  return answer;
}

/** The answer, and under it where each citation stands. */
export function printAnswer(answer: AnswerJson, terminal: Terminal): void {
  terminal.print(`${answer.answer}\n`);
  printCitations(answer, terminal);
}

function printCitations({ citations }: AnswerJson, terminal: Terminal): void {
  for (const { number, documentId, start, end } of citations) {
    terminal.print(`  [${number}] ${documentId}:${start}-${end}`);
  }
}
