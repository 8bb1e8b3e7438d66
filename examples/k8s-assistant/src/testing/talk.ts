import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const reply = z.looseObject({ id: z.number() });

/** Sends lines to `k8s-assistant`, waits for a number of replies, and ends it. Returns the replies by id. */
export async function talk(
  args: readonly string[],
  lines: readonly string[],
  wanted: number,
): Promise<ReadonlyMap<number, unknown>> {
  const path = fileURLToPath(new URL("../bin/k8s-assistant.ts", import.meta.url));
  const child = spawn(process.execPath, ["--conditions=@binnacle/source", path, ...args], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  child.stdin.write(`${lines.join("\n")}\n`);
  const replies = new Map<number, unknown>();
  for await (const line of createInterface({ input: child.stdout })) {
    const message = reply.parse(JSON.parse(line));
    replies.set(message.id, message);
    if (replies.size === wanted) break;
  }
  child.stdin.end();
  await ended;
  return replies;
}
