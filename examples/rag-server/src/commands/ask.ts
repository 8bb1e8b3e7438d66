import { ConfigurationError } from "@binnacle/core";
import { answerEnd, answerJson } from "../answer-json.ts";
import { exitStatus } from "../exit-status.ts";
import { printAnswer, printAsItComes, printFootnotes } from "../print-answer.ts";
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
    const printed = { namesFolder: (await system.data.sources(system.collection)).length > 1 };
    const whole = terminal.isWatched
      ? await printAsItComes(answerer.stream(question, { signal }), terminal)
      : await answerer.answer(question, { signal });
    const answer = answerJson({ ...whole, finishReason: answerEnd(whole) });
    if (terminal.isWatched) printFootnotes(answer, terminal, printed);
    else printAnswer(answer, terminal, printed);
    terminal.result(answer);
    return exitStatus.ok;
  });
}
