import type { Command } from "commander";
import { hostName, integer, path, place, webOrigin } from "../argument-values.ts";
import { withCommonOptions } from "./common-options.ts";
import type { GivenOptions, RunCommand } from "./run-command.ts";

interface ServeFlags extends GivenOptions {
  readonly port: number;
  readonly host: string;
  readonly allowedHost?: readonly string[];
  readonly allowEmpty: boolean;
  readonly allowedOrigin?: readonly string[];
  readonly keys?: string;
  readonly requestsPerMinute: number;
}

/** Adds the commands that show the index and serve it. */
export function addOperation(program: Command, run: RunCommand): void {
  withCommonOptions(
    program.command("list").argument("[dir|file|url]", "only this folder, file or page", place),
  )
    .description("list the indexed folders, their documents, and what was skipped and why")
    .action((given: string | undefined, options: GivenOptions) =>
      run({ ...options, place: given }, async (...args) =>
        (await import("../commands/list.ts")).list(...args),
      ),
    );
  withCommonOptions(program.command("status"))
    .description("show what is indexed, how it is searched, and what has changed since")
    .action((options: GivenOptions) =>
      run(options, async (...args) => (await import("../commands/status.ts")).status(...args)),
    );
  withCommonOptions(program.command("serve"))
    .description("serve the HTTP API and the chat page")
    .option("--port <n>", "port, or 0 for any free one", integer(0, 65_535), 8000)
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option(
      "--allowed-host <name>",
      "further host that requests may be for, such as a proxy's; repeatable",
      hostName,
    )
    .option("--allow-empty", "start although nothing is indexed yet", false)
    .option("--allowed-origin <origin>", "origin that browsers may call from; repeatable", webOrigin)
    .option(
      "--keys <file>",
      "file of the keys that callers need; required on an address that others reach",
      path,
    )
    .option("--requests-per-minute <n>", "most requests per key and route", integer(1, 1_000_000), 120)
    .action(({ allowedHost: allowedHosts, allowedOrigin: allowedOrigins, ...options }: ServeFlags) =>
      run({ ...options, allowedHosts, allowedOrigins }, async (...args) =>
        (await import("../commands/serve.ts")).serve(...args),
      ),
    );
  withCommonOptions(program.command("worker"))
    .description("work off the jobs of the queue at QUEUE_REDIS_URL")
    .option("--concurrency <n>", "jobs at the same time", integer(1, 64), 1)
    .action((options: GivenOptions & { concurrency: number }) =>
      run(options, async (...args) => (await import("../commands/worker.ts")).worker(...args)),
    );
  withCommonOptions(program.command("health"))
    .description("check every part")
    .action((options: GivenOptions) =>
      run(options, async (...args) => (await import("../commands/health.ts")).health(...args)),
    );
}
