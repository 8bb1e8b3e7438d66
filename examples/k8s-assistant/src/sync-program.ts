import { Command } from "commander";
import { integer, repeated } from "./cli/argument-values.ts";
import { withCommonOptions, type CommonOptions } from "./cli/common-options.ts";
import type { RunCommand } from "./cli/run-program.ts";

type Selected = CommonOptions & { namespace?: readonly string[]; kind?: readonly string[] };

/** Creates the program `k8s-sync`. It loads only the code of the command that runs. */
export function createSyncProgram(run: RunCommand): Command {
  const program = new Command("k8s-sync")
    .description("Keep an index of a Kubernetes cluster, and prove that it is in step.")
    .exitOverride()
    .showHelpAfterError("(--help lists the commands)");
  addWriting(program, run);
  addReading(program, run);
  return program;
}

function addWriting(program: Command, run: RunCommand): void {
  type Written = Selected & { allowMassDelete: boolean };
  const selection = (command: Command): Command =>
    withCommonOptions(command)
      .option(
        "--namespace <name>",
        "only this namespace; repeatable (default: all but system namespaces)",
        repeated,
      )
      .option("--kind <name>", "only this kind or type, such as deployments.apps; repeatable", repeated);
  const writing = (command: Command): Command =>
    selection(command).option(
      "--allow-mass-delete",
      "allow removing more than half of a type's documents",
      false,
    );
  writing(program.command("snapshot"))
    .description("list the cluster once and update the index")
    .action((options: Written) =>
      run(options, async (...given) => (await import("./commands/snapshot.ts")).snapshot(...given)),
    );
  writing(program.command("watch"))
    .description("keep the index in step with the cluster until stopped")
    .action((options: Written) =>
      run(options, async (...given) => (await import("./commands/watch.ts")).watch(...given)),
    );
  selection(program.command("remove"))
    .description("remove the cluster, or its documents of a namespace or kind, from the index")
    .action((options: Selected) =>
      run(options, async (...given) => (await import("./commands/remove.ts")).remove(...given)),
    );
}

function addReading(program: Command, run: RunCommand): void {
  withCommonOptions(program.command("verify"))
    .description("compare the index with the cluster; fails if they differ")
    .option("--limit <n>", "most differences shown", integer(1, 10_000), 20)
    .action((options: CommonOptions & { limit: number }) =>
      run(options, async (...given) => (await import("./commands/verify.ts")).verify(...given)),
    );
  withCommonOptions(program.command("history"))
    .description("show how objects changed; needs no cluster")
    .option(
      "--since <time>",
      "only later changes: 14:00, 2026-11-30T14:00:00Z, or a period such as '2 hours'",
    )
    .option("--namespace <name>", "only this namespace; repeatable", repeated)
    .option("--kind <name>", "only this kind or type; repeatable", repeated)
    .option("--limit <n>", "most changes shown", integer(1, 10_000), 50)
    .action((options: Selected & { since?: string; limit: number }) =>
      run(options, async (...given) => (await import("./commands/history.ts")).history(...given)),
    );
  withCommonOptions(program.command("status"))
    .description("show what the index holds and how current it is; needs no cluster")
    .action((options: CommonOptions) =>
      run(options, async (...given) => (await import("./commands/status.ts")).status(...given)),
    );
  withCommonOptions(program.command("rbac"))
    .description("print the role that the sync needs: every type by name, without Secrets")
    .option("--namespace <name>", "a Role in this namespace instead of a ClusterRole; repeatable", repeated)
    .option("--exclude <type>", "leave out a type, such as configmaps; repeatable", repeated)
    .option("--name <name>", "name of the roles and the account", "k8s-sync")
    .option("--account-namespace <name>", "namespace of the service account", "k8s-sync")
    .action(
      (
        options: CommonOptions & {
          namespace?: readonly string[];
          exclude?: readonly string[];
          name: string;
          accountNamespace: string;
        },
      ) => run(options, async (...given) => (await import("./commands/rbac.ts")).rbac(...given)),
    );
}
