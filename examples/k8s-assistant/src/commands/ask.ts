import { ConfigurationError } from "@binnacle/core";
import { createAssistant, type Assistant } from "../assistant/assistant.ts";
import { noteLines } from "../assistant/format-answer.ts";
import type { CommonOptions } from "../cli/common-options.ts";
import { exitStatus } from "../cli/exit-status.ts";
import type { Terminal } from "../cli/terminal.ts";
import { lazyReader } from "../cluster/lazy-reader.ts";
import { backendFromEnvironment } from "../cluster/model-servers.ts";
import { withIndex } from "../cluster/open-index.ts";

/** Options of the commands that answer. */
export interface AssistantCommandOptions extends CommonOptions {
  /** Most tokens of an answer. */
  readonly budget: number;
  readonly checkAccess: boolean;
}

/** Answers one question. */
export async function ask(
  options: AssistantCommandOptions & { readonly question: string },
  terminal: Terminal,
): Promise<number> {
  if (options.question.trim() === "")
    throw new ConfigurationError("The question is empty. Enter a question.");
  return await withAssistant(options, async (assistant) => {
    await printAnswer(assistant, options.question, terminal, options.signal);
    return exitStatus.ok;
  });
}

/** Answers a question and prints the answer with its notes. */
export async function printAnswer(
  assistant: Assistant,
  question: string,
  terminal: Terminal,
  signal: AbortSignal | undefined,
): Promise<void> {
  const answer = await assistant.ask(question, { signal });
  terminal.print(answer.text);
  terminal.print("");
  for (const line of noteLines(answer)) terminal.print(line);
  terminal.result(answer);
}

/** Runs `body` with an assistant over the index, then closes everything. */
export async function withAssistant(
  options: AssistantCommandOptions,
  body: (assistant: Assistant) => Promise<number>,
): Promise<number> {
  const { budget, checkAccess } = options;
  return await withIndex({ ...options, mustExist: true }, async (open) => {
    const reader = lazyReader(open, options);
    const backend = backendFromEnvironment(process.env);
    try {
      return await body(createAssistant({ open, connect: reader.connect, checkAccess, backend, budget }));
    } finally {
      await Promise.all([reader.close(), backend?.close()]);
    }
  });
}
