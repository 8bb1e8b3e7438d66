import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The output of a program and its exit status. */
export interface BinRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Options of {@link runBin}. */
export interface BinOptions {
  readonly environment?: NodeJS.ProcessEnv | undefined;
  /** Text for stdin, which then ends. @default empty */
  readonly input?: string | undefined;
}

/** Runs one of the example's programs in a process of its own, as a user would. */
export async function runBin(
  program: "k8s-sync" | "k8s-assistant",
  args: readonly string[],
  { environment = {}, input = "" }: BinOptions = {},
): Promise<BinRun> {
  const path = fileURLToPath(new URL(`../bin/${program}.ts`, import.meta.url));
  const child = spawn(process.execPath, ["--conditions=@binnacle/source", path, ...args], {
    env: { PATH: process.env["PATH"], ...environment },
    stdio: "pipe",
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdin.end(input);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { status, stdout, stderr };
}
