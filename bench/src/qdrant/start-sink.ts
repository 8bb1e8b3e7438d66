import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Starts a sink in front of the server at `target`. It waits `delayMs` before each answer. */
export async function startSink(
  target: string,
  delayMs = 0,
): Promise<{ readonly url: string; stop(): void }> {
  const program = fileURLToPath(new URL("./sink-process.ts", import.meta.url));
  const child = spawn(process.execPath, [program, target, String(delayMs)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  for await (const piece of child.stdout) {
    output += String(piece);
    const url = /listening on (\S+)\n/.exec(output)?.[1];
    if (url !== undefined) return { url, stop: () => void child.kill() };
  }
  throw new Error(`the sink did not start: ${output}`);
}
