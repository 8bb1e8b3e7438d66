import { Command } from "commander";
import { integer } from "./cli/argument-values.ts";
import { withCommonOptions, type CommonOptions } from "./cli/common-options.ts";
import type { RunCommand } from "./cli/run-program.ts";

type Given = CommonOptions & { budget: number; checkAccess: boolean };

/** Creates the program `k8s-assistant`. It loads only the code of the command that runs. */
export function createAssistantProgram(run: RunCommand): Command {
  const program = new Command("k8s-assistant")
    .description("Ask an index of a Kubernetes cluster. Nothing here changes the cluster or the index.")
    .exitOverride()
    .showHelpAfterError("(--help lists the commands)");
  answering(program.command("ask").argument("<question>"))
    .description("answer one question")
    .action((question: string, options: Given) =>
      run({ ...options, question }, async (...given) => (await import("./commands/ask.ts")).ask(...given)),
    );
  answering(program.command("chat"))
    .description("answer questions line by line")
    .action((options: Given) =>
      run(options, async (...given) => (await import("./commands/chat.ts")).chat(...given)),
    );
  answering(program.command("mcp"))
    .description("serve read-only tools over MCP on stdin and stdout")
    .option("--http <port>", "serve streamable HTTP on this port of 127.0.0.1 instead", integer(0, 65_535))
    .action((options: Given & { http?: number }) =>
      run(options, async (...given) => (await import("./commands/mcp.ts")).mcp(...given)),
    );
  return program;
}

function answering(command: Command): Command {
  return withCommonOptions(command)
    .option(
      "--budget <tokens>",
      "most tokens of an answer, and of what a model reads",
      integer(200, 100_000),
      2_000,
    )
    .option("--check-access", "show only objects that the kubeconfig's user may get", false);
}
