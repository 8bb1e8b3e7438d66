import { spawn, type ChildProcess } from "node:child_process";
import { join, resolve } from "node:path";
import { onTestFinished } from "vitest";

/** The folder of the examples. */
export const examplesFolder: string = resolve(import.meta.dirname, "../../examples");

/** One example in a process of its own. */
export interface RunningExample {
  readonly child: ChildProcess;
  /** The output so far. */
  output(): string;
  /** Resolves to the whole output once the process has ended. Rejects if it failed. */
  readonly ended: Promise<string>;
}

/** Starts an example. The process does not outlive the running test. */
export function startExample(
  name: string,
  { args = [], environment = {} }: { args?: readonly string[]; environment?: NodeJS.ProcessEnv } = {},
): RunningExample {
  const path = join(examplesFolder, name);
  const child = spawn(process.execPath, ["--conditions=@binnacle/source", path, ...args], {
    env: { PATH: process.env["PATH"], ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  const ended = new Promise<string>((done, fail) => {
    child.once("error", fail);
    child.once("close", (status) =>
      status === 0 ? done(output) : fail(new Error(`${name} ended with ${String(status)}:\n${errors}`)),
    );
  });
  ended.catch(() => undefined); // a test that fails earlier does not wait for it
  return { child, output: () => output, ended };
}
