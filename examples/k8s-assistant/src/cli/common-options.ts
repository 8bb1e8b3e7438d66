import type { Command } from "commander";
import { path } from "./argument-values.ts";

/** Options that every command takes. */
export interface CommonOptions {
  readonly json: boolean;
  /** Directory of the index. */
  readonly data: string;
  /** Name of the cluster in the index. Undefined: the only one that is recorded, or the context's name. */
  readonly cluster?: string | undefined;
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Adds the options that every command takes. */
export function withCommonOptions(command: Command): Command {
  return command
    .option("--data <dir>", "directory of the index", path, path(".binnacle/k8s"))
    .option("--cluster <name>", "name of the cluster in the index (default: the context's name)")
    .option(
      "--kubeconfig <file>",
      "kubeconfig (default: KUBECONFIG, ~/.kube/config, the pod's account)",
      path,
    )
    .option("--context <name>", "context of the kubeconfig (default: the current one)")
    .option("--json", "print exactly one JSON object on stdout", false)
    .exitOverride();
}
