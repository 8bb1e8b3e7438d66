import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The output of a program and its exit status. */
export interface ProgramResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one of the example's programs in a process of its own, as a user would. */
export async function runProgram(
  program: "binnacle-rag" | "demo",
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<ProgramResult> {
  const path = fileURLToPath(new URL(`../bin/${program}.ts`, import.meta.url));
  const child = spawn(process.execPath, ["--conditions=@binnacle/source", path, ...args], {
    env: { PATH: process.env["PATH"], ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { status, stdout, stderr };
}

/** Returns the one JSON object that `--json` promises on stdout. */
export function onlyJson(result: ProgramResult): unknown {
  const lines = result.stdout.trimEnd().split("\n");
  if (lines.length !== 1)
    throw new Error(`expected one line on stdout, got ${lines.length}: ${result.stdout}\n${result.stderr}`);
  return JSON.parse(lines[0] ?? "");
}
