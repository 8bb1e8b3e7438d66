import { ConfigurationError } from "@binnacle/core";
import type { RefusalLevel } from "@binnacle/retriever";
import { answerEnd, answerJson } from "../answer-json.ts";
import { exitStatus } from "../exit-status.ts";
import { printAnswer, printAsItComes, printFootnotes } from "../print-answer.ts";
import { answererOf, withRagSystem } from "../rag-system.ts";
import type { Terminal } from "../terminal.ts";
import { requireSearchable } from "../vector-space.ts";
import { checkFilterFields } from "./check-filter.ts";
import type { CommonOptions } from "./common-options.ts";
import { parseFilter } from "./parse-filter.ts";

/** Options of `ask`. */
export interface AskOptions extends CommonOptions {
  readonly question: string;
  /** Most passages to answer from. */
  readonly limit: number;
  /** Filter as JSON. */
  readonly filter?: string | undefined;
  /** Level at which questions are refused, or the least confidence. */
  readonly refuse?: RefusalLevel | number | undefined;
  /** Similarity below which the vector search drops a passage. */
  readonly minScore?: number | undefined;
}

/** Answers a question with citations and prints the answer. */
export async function ask(options: AskOptions, terminal: Terminal): Promise<number> {
  if (options.question.trim() === "") throw new ConfigurationError("the question is empty; enter a question");
  const filter = options.filter === undefined ? undefined : parseFilter(options.filter);
  return await withRagSystem({ ...options, readOnly: true, onWarning: terminal.note }, async (system) => {
    const info = await requireSearchable(system, { signal: options.signal, onNote: terminal.note });
    if (filter !== undefined) checkFilterFields(filter, info, options);
    const answerer = answererOf(system, options);
    const call = { filter, refuse: options.refuse, signal: options.signal };
    const printed = { namesFolder: (await system.data.sources(system.collection)).length > 1 };
    const whole = terminal.isWatched
      ? await printAsItComes(answerer.stream(options.question, call), terminal)
      : await answerer.answer(options.question, call);
    const answer = answerJson({ ...whole, finishReason: answerEnd(whole) });
    if (terminal.isWatched) printFootnotes(answer, terminal, printed);
    else printAnswer(answer, terminal, printed);
    terminal.result(answer);
    return exitStatus.ok;
  });
}
