import { createInterface } from "node:readline/promises";
import { BinnacleError } from "@binnacle/core";
import type { ConversationTurn, RefusalLevel } from "@binnacle/retriever";
import { answerEnd, answerJson, completedQuestion, type AnswerJson } from "../answer-json.ts";
import { exitStatus } from "../exit-status.ts";
import { plainMessage } from "../plain-message.ts";
import { printAsItComes, printFootnotes } from "../print-answer.ts";
import { answererOf, withRagSystem } from "../rag-system.ts";
import type { Terminal } from "../terminal.ts";
import { requireSearchable } from "../vector-space.ts";
import type { CommonOptions } from "./common-options.ts";

/** Options of `chat`. */
export interface ChatOptions extends CommonOptions {
  readonly limit: number;
  readonly minScore?: number | undefined;
  readonly refuse?: RefusalLevel | number | undefined;
}

/** The most turns that are kept. The answerer takes as many as its budget allows. */
const mostTurns = 50;

/** Answers the lines of stdin as one conversation, until it ends. */
export async function chat(options: ChatOptions, terminal: Terminal): Promise<number> {
  return await withRagSystem({ ...options, readOnly: true, onWarning: terminal.note }, async (system) => {
    await requireSearchable(system, { signal: options.signal, onNote: terminal.note });
    const answerer = answererOf(system, options);
    const printed = { namesFolder: (await system.data.sources(system.collection)).length > 1 };
    const answers: AnswerJson[] = [];
    let history: readonly ConversationTurn[] = [];
    for await (const question of questions(terminal, options.signal)) {
      const call = { refuse: options.refuse, signal: options.signal, history };
      try {
        const whole = await printAsItComes(answerer.stream(question, call), terminal);
        const completed = completedQuestion(whole);
        const answer = answerJson({ ...whole, completedQuestion: completed, finishReason: answerEnd(whole) });
        printFootnotes(answer, terminal, printed);
        if (completed !== undefined) terminal.print(`  Searched: ${completed}`);
        terminal.print("");
        answers.push(answer);
        history = [...history, { question, answer: whole.answer }].slice(-mostTurns);
      } catch (error) {
        // A question that fails does not end the conversation.
        if (!BinnacleError.isInstance(error)) throw error;
        terminal.note(`error: ${plainMessage(error.message)}`);
      }
    }
    terminal.result({ answers });
    return exitStatus.ok;
  });
}

/** Yields the lines with a question. On a terminal it prompts for them. */
async function* questions(terminal: Terminal, signal: AbortSignal | undefined): AsyncGenerator<string> {
  const isAsked = terminal.isWatched && process.stdin.isTTY;
  if (isAsked) terminal.note("Ask, then ask further. Ctrl-D ends.");
  const lines = createInterface({
    input: process.stdin,
    signal,
    prompt: "> ",
    output: isAsked ? process.stderr : undefined,
  });
  let isOpen = true;
  lines.once("close", () => void (isOpen = false));
  const prompt = (): void => void (isAsked && isOpen && lines.prompt());
  prompt();
  for await (const line of lines) {
    if (line.trim() !== "") yield line.trim();
    prompt();
  }
}
