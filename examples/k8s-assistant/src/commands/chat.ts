import { createInterface } from "node:readline/promises";
import { BinnacleError } from "@binnacle/core";
import { exitStatus } from "../cli/exit-status.ts";
import { plainMessage } from "../cli/plain-message.ts";
import type { Terminal } from "../cli/terminal.ts";
import { printAnswer, withAssistant, type AssistantCommandOptions } from "./ask.ts";

/** Answers questions line by line until the input ends. */
export async function chat(options: AssistantCommandOptions, terminal: Terminal): Promise<number> {
  return await withAssistant(options, async (assistant) => {
    const lines = createInterface({ input: process.stdin, output: process.stderr, prompt: "> " });
    options.signal?.addEventListener("abort", () => lines.close(), { once: true });
    lines.prompt();
    for await (const line of lines) {
      const question = line.trim();
      if (question === "exit" || question === "quit") break;
      if (question !== "") await answerLine(question);
      lines.prompt();
    }
    lines.close();
    return exitStatus.ok;

    async function answerLine(question: string): Promise<void> {
      try {
        await printAnswer(assistant, question, terminal, options.signal);
      } catch (error) {
        options.signal?.throwIfAborted();
        // One question that fails does not end the conversation.
        if (!BinnacleError.isInstance(error)) throw error;
        terminal.note(`error: ${plainMessage(error)}`);
      }
    }
  });
}
