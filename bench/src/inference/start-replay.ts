import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A replay server in its own process. */
export interface Replay {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts a server that replays one stream of this many events and one answer of embeddings. */
export async function startReplay(events: number): Promise<Replay> {
  const script = new URL("replay-server.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [script, String(events)], { stdio: ["pipe", "pipe", "inherit"] });
  const [port]: unknown[] = await once(createInterface(child.stdout), "line");
  return {
    url: `http://127.0.0.1:${String(port)}`,
    close: async () => {
      child.stdin.end();
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}
