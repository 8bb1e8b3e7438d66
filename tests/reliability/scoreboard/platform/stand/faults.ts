import { setTimeout as sleep } from "node:timers/promises";

/** A server that a row breaks. */
export interface Breakable {
  signal(name: NodeJS.Signals): void;
  /** Starts the server again on the same port. */
  restart(): Promise<void>;
}

/** A way to break a server for a while. */
export interface Fault {
  readonly name: "killed" | "hung" | "slow";
  /** Breaks the server, waits, and mends it. */
  during(server: Breakable, outageMs: number): Promise<void>;
}

/** Milliseconds of each stop and each run of a slow server. */
const [stoppedMs, runningMs] = [150, 50];

/** A kill, a stop, and a stop for three quarters of the time. */
export const faults: readonly Fault[] = [
  {
    name: "killed",
    during: async (server, outageMs) => {
      server.signal("SIGKILL");
      await sleep(outageMs);
      await server.restart();
    },
  },
  {
    name: "hung",
    during: async (server, outageMs) => {
      server.signal("SIGSTOP");
      await sleep(outageMs);
      server.signal("SIGCONT");
    },
  },
  {
    name: "slow",
    during: async (server, outageMs) => {
      for (const end = performance.now() + outageMs; performance.now() < end;) {
        server.signal("SIGSTOP");
        await sleep(stoppedMs);
        server.signal("SIGCONT");
        await sleep(runningMs);
      }
    },
  },
];
