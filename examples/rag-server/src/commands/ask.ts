import { ConfigurationError } from "@binnacle/core";
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
    const answer = await answererOf(system).answer(options.question, { signal: options.signal });
    printAnswer(answer, terminal);
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

/** The answer, and under it where each citation stands. */
export function printAnswer(answer: AnswerJson, terminal: Terminal): void {
  terminal.print(`${answer.answer}\n`);
  for (const { number, documentId, start, end } of answer.citations) {
    terminal.print(`  [${number}] ${documentId}:${start}-${end}`);
  }
}
