import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { freePort } from "../free-port.ts";

/** Requests and prompt tokens that a fake replica has seen. */
export interface FakeReplicaCounts {
  readonly requests: number;
  readonly promptTokens: number;
  readonly cachedTokens: number;
  /** Slots in use. */
  readonly running: number;
}

/** How a fake replica answers from now on. A missing field stays as it was. */
export interface FakeReplicaMode {
  /** Status of all answers. */
  readonly status?: number;
  /** Factor of all service times. */
  readonly factor?: number;
  /** Pieces of each streamed text, and the milliseconds before each piece. */
  readonly pieces?: number;
  readonly pieceMs?: number;
}

/** A model server in a process of its own, with drawn service times. */
export interface FakeReplica {
  readonly url: string;
  control(mode: FakeReplicaMode): Promise<void>;
  counts(): Promise<FakeReplicaCounts>;
  /** Ends the process at once. */
  kill(): void;
  /** Sends a signal to the process: `SIGKILL`, `SIGSTOP`, `SIGCONT`. */
  signal(name: NodeJS.Signals): void;
  /** Ends the process if it runs, and starts it again on the same port. */
  restart(): Promise<void>;
  /** Ends the process. A second call does nothing. */
  close(): void;
}

const program = fileURLToPath(new URL("./fake-replica-process.ts", import.meta.url));

/** Starts a fake replica. Its service times depend only on the seed. */
export async function startFakeReplica(seed: number, slots = 8): Promise<FakeReplica> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let child = await started(port, seed, slots);
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  return {
    url,
    control: async (mode) => {
      await fetch(`${url}/control`, { method: "POST", body: JSON.stringify(mode) });
    },
    counts: async () => JSON.parse(await (await fetch(`${url}/counts`)).text()),
    kill,
    signal: (name) => void child.kill(name),
    restart: async () => {
      kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      child = await started(port, seed, slots);
    },
    close: () => {
      process.off("exit", kill);
      kill();
    },
  };
}

async function started(port: number, seed: number, slots: number): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, String(port), String(seed), String(slots)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const piece of child.stdout) if (String(piece).includes("listening on")) return child;
  throw new Error("the fake replica did not start");
}
