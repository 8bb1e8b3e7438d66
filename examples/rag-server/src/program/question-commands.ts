import { Option, type Command } from "commander";
import { integer } from "../argument-values.ts";
import { withCommonOptions, withMinScore, withRefusal } from "./common-options.ts";
import type { GivenOptions, RunCommand } from "./run-command.ts";

type Refuse = "off" | "clear" | "strict" | number;

interface AskFlags extends GivenOptions {
  readonly limit: number;
  readonly filter?: string;
  readonly refuse?: Refuse;
  readonly minScore?: number;
}

interface SearchFlags extends GivenOptions {
  readonly limit: number;
  readonly mode?: "hybrid" | "dense" | "lexical";
  readonly filter?: string;
  readonly minScore?: number;
  readonly explain: boolean;
}

const filterHelp = 'conditions on metadata, such as {"language":"en"}';

/** Adds the commands that search and answer. */
export function addQuestions(program: Command, run: RunCommand): void {
  withMinScore(withCommonOptions(program.command("search").argument("<text>")))
    .description("find passages")
    .option("--limit <n>", "most passages", integer(1, 1000), 10)
    .addOption(
      new Option("--mode <mode>", "ranking (default: the best that the index allows)").choices([
        "hybrid",
        "dense",
        "lexical",
      ]),
    )
    .option("--filter <json>", filterHelp)
    .option("--explain", "show each hit's rank and score in each leg", false)
    .action((text: string, options: SearchFlags) =>
      run({ ...options, text }, async (...args) => (await import("../commands/search.ts")).search(...args)),
    );
  withRefusal(withMinScore(withCommonOptions(program.command("ask").argument("<question>"))))
    .description("answer a question from the documents, with citations")
    .option("--limit <n>", "most passages to answer from", integer(1, 50), 4)
    .option("--filter <json>", filterHelp)
    .action((question: string, options: AskFlags) =>
      run({ ...options, question }, async (...args) => (await import("../commands/ask.ts")).ask(...args)),
    );
  withRefusal(withMinScore(withCommonOptions(program.command("chat"))))
    .description("answer the lines of stdin as one conversation, with follow-ups")
    .option("--limit <n>", "most passages to answer from", integer(1, 50), 4)
    .action((options: AskFlags) =>
      run(options, async (...args) => (await import("../commands/chat.ts")).chat(...args)),
    );
}
