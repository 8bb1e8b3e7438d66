import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Probed } from "./server-probe.ts";

/** The example's command. */
const binnacleRag = fileURLToPath(
  new URL("../../../../../examples/rag-server/src/bin/binnacle-rag.ts", import.meta.url),
);
const probe = new URL("./server-probe.ts", import.meta.url).href;

/** A command of the example that runs until it is stopped. */
export interface RunningProgram {
  /** The line that said it was ready. */
  readonly greeting: string;
  /** Status and signal of the end. Undefined while it runs. */
  readonly ended: { readonly status: number | null; readonly signal: NodeJS.Signals | null } | undefined;
  /** Rejections and exceptions that nothing handled, and warnings of Node, by the log. */
  faults(): number;
  log(): string;
  probe(): Promise<Probed>;
  signal(name: NodeJS.Signals): void;
  /** Resolves to the milliseconds until the process has ended. */
  exit(): Promise<number>;
  /** Ends the process at once. A second call does nothing. */
  close(): Promise<void>;
}

/** Options of {@link startProgram}. */
export interface StartProgramOptions {
  /** Path of the program. @default the example's command */
  readonly program?: string | undefined;
  /** Further options of Node, such as `--cpu-prof`. @default none */
  readonly nodeArgs?: readonly string[] | undefined;
}

/** Starts `binnacle-rag`, or another program, in a process of its own, and waits for its first line. */
export async function startProgram(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  { program = binnacleRag, nodeArgs = [] }: StartProgramOptions = {},
): Promise<RunningProgram> {
  const node = ["--expose-gc", "--conditions=@binnacle/source", "--import", probe, ...nodeArgs, program];
  const child = spawn(process.execPath, [...node, ...args], {
    env: { PATH: process.env["PATH"], ...environment },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill); // no server outlives the run
  let log = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (log += text));
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  const greeting = await firstLine(child, () => log);
  return {
    greeting,
    get ended() {
      return isRunning() ? undefined : { status: child.exitCode, signal: child.signalCode };
    },
    faults: () => (log.match(/unhandled|uncaught|\(node:\d+\) /giu) ?? []).length,
    log: () => log,
    probe: async () => {
      child.send("probe");
      const [probed] = await once(child, "message");
      return probed;
    },
    signal: (name) => void child.kill(name),
    exit: async () => {
      const startedAt = performance.now();
      if (isRunning()) await once(child, "exit");
      return performance.now() - startedAt;
    },
    close: async () => {
      process.off("exit", kill);
      if (!isRunning()) return;
      kill();
      await once(child, "exit");
    },
  };
}

async function firstLine(child: ChildProcess, log: () => string): Promise<string> {
  const greeted = new Promise<string>((resolve, reject) => {
    child.stdout?.setEncoding("utf8").once("data", resolve);
    child.once("exit", (status) => reject(new Error(`the program ended with ${status}: ${log()}`)));
  });
  return await greeted;
}
