import type { Command } from "commander";
import { collectionName, number, path, refusal } from "../argument-values.ts";
import { defaultPlace } from "../invocation.ts";

/** Adds the options that every command takes. */
export function withCommonOptions(command: Command): Command {
  return command
    .option("--data <dir>", "directory of the index", path, defaultPlace.data)
    .option("--collection <name>", "collection in the index", collectionName, defaultPlace.collection)
    .option("--json", "print exactly one JSON object on stdout", false)
    .exitOverride();
}

/** Adds the option that drops weak hits of the vector search. */
export function withMinScore(command: Command): Command {
  return command.option(
    "--min-score <n>",
    "similarity, -1 to 1, below which the vector search drops a passage (default: the model's own, if any)",
    number(-1, 1),
  );
}

/** Adds the option that sets when a question is refused. */
export function withRefusal(command: Command): Command {
  return command.option(
    "--refuse <level>",
    "refuse questions that the documents do not answer: off never, clear if that is clear, strict if it is likely, " +
      "or the least confidence from 0 to 1 (default: clear with a language model, strict without)",
    refusal,
  );
}
