import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setPriority } from "node:os";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";

/** Options of {@link startServer}. */
export interface StartServerOptions {
  /** Name of the program, for messages. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** @default this process's folder */
  readonly cwd?: string | undefined;
  /** Path that answers 200 once the server is ready, such as `/health`. */
  readonly path: string;
  readonly port: number;
  /** True for an answer after which the server is used. @default status 200 */
  readonly isReady?: ((status: number) => boolean) | undefined;
  /** Most milliseconds until the server is ready. @default 60_000 */
  readonly timeoutMs?: number | undefined;
  /** Nice level of the process. @default 10 */
  readonly nice?: number | undefined;
}

/** A server that listens on 127.0.0.1. */
export interface StartedServer {
  readonly url: string;
  /** False if the environment names the server, which a test cannot stop or kill. */
  readonly owned: boolean;
  /** Sends a signal to the server's process: `SIGKILL`, `SIGSTOP`, `SIGCONT`. */
  signal(name: NodeJS.Signals): void;
  /** Stops the server if it was started here. A second call does nothing. */
  close(): Promise<void>;
}

/** Starts a server and waits until it is ready. No server outlives the test run. */
export async function startServer(options: StartServerOptions): Promise<StartedServer> {
  const { command, args, cwd, port, nice = 10 } = options;
  // A group of its own, because some servers start further processes that must end with them.
  const child = spawn(command, args, { cwd, detached: true, stdio: ["ignore", "ignore", "pipe"] });
  const send = (name: NodeJS.Signals): void => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    process.kill(name === "SIGTERM" ? child.pid : -child.pid, name); // the server ends its own processes
  };
  const stop = (): void => send("SIGKILL");
  process.once("exit", stop);
  const close = async (): Promise<void> => {
    process.off("exit", stop);
    if (child.exitCode !== null || child.signalCode !== null) return;
    send("SIGKILL"); // a stopped process ignores SIGTERM
    await once(child, "exit");
  };
  try {
    const url = `http://127.0.0.1:${port}`;
    await once(child, "spawn");
    setPriority(child.pid ?? 0, nice);
    await ready(child, `${url}${options.path}`, options);
    return { url, owned: true, signal: send, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Returns a server that the environment names. */
export function givenServer(url: string): StartedServer {
  const signal = (): never => {
    throw new Error(`${url} was started by someone else; unset its variable to let the tests start one`);
  };
  return { url, owned: false, signal, close: () => Promise.resolve() };
}

async function ready(child: ChildProcess, url: string, options: StartServerOptions): Promise<void> {
  const { name, isReady = (status: number) => status === 200, timeoutMs = 60_000 } = options;
  let log = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (log = (log + text).slice(-2000)));
  for (const end = Date.now() + timeoutMs; Date.now() < end; await wait(50)) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}: ${log}`);
    // A kept connection would occupy one of llama-server's few threads.
    const status = await fetch(url, { headers: { connection: "close" } }).then(
      (response) => response.status,
      () => 0, // not listening yet
    );
    if (isReady(status)) return;
  }
  throw new Error(`${name} did not answer within ${timeoutMs / 1000} s: ${log}`);
}
