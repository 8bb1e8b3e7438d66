import { Worker, type Transferable } from "node:worker_threads";
import { BinnacleError, ConfigurationError, TimeoutError, type CallOptions } from "@binnacle/core";
import { checkCall } from "@binnacle/core/kit";
import type { FromWorker, Method, RequestOf, Result, ToWorker, WorkerOptions } from "./requests.ts";
import { fromWireError } from "./wire-error.ts";
import { workerUrl } from "./worker-url.ts";

// A longer delay makes setTimeout fire immediately
// (https://nodejs.org/api/timers.html#settimeoutcallback-delay-args).
const longestDelayMs = 2 ** 31 - 1;

interface Pending {
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
  /** The reason why the worker waits during this call. */
  phase: string;
}

/** The caller's end of the worker. The thread starts with the first call, and keeps the process alive only
 * while a call is running. If the thread dies, the running calls reject with code `worker_failed`, and
 * the next call starts another thread. */
export class WorkerClient {
  readonly #options: WorkerOptions;
  readonly #entry: () => URL;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #closing: Promise<void> | undefined;
  #nextId = 1;

  constructor(options: WorkerOptions, entry: () => URL = () => workerUrl()) {
    this.#options = options;
    this.#entry = entry;
  }

  /** Throws if the client is closed, the signal is aborted or the deadline has passed. */
  check(options: CallOptions = {}): void {
    if (this.#closing !== undefined) throw closedError(this.#options.path);
    checkCall(options);
  }

  /** Sends a request to the worker. Rejects with `signal.reason`, a `TimeoutError` or the worker's error. */
  async call<K extends Method>(
    request: RequestOf<K>,
    options: CallOptions = {},
    transfer: readonly Transferable[] = [],
  ): Promise<Result<K>> {
    this.check(options);
    const id = this.#nextId++;
    const worker = (this.#worker ??= this.#start());
    const answer = new Promise<Result<K>>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, phase: "total" });
    });
    const stopWatching = this.#watch(id, options, (reason) => {
      this.#pending.get(id)?.reject(reason);
      post(worker, { type: "cancel", id });
    });
    try {
      worker.ref();
      post(worker, { type: "request", id, deadlineAt: options.deadlineAt, request }, transfer);
      return await answer;
    } finally {
      stopWatching();
      this.#pending.delete(id);
      if (this.#pending.size === 0 && this.#closing === undefined) worker.unref();
    }
  }

  /** Waits for running calls, aborts those that wait for the lock, closes the file and ends the thread. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    worker.ref();
    const exited = new Promise((resolve) => worker.once("exit", resolve));
    post(worker, { type: "close" });
    await exited;
  }

  /** Rejects the call when its signal fires or its deadline passes. Returns a function that stops
   * watching. */
  #watch(id: number, options: CallOptions, giveUp: (reason: unknown) => void): () => void {
    const { signal, deadlineAt = Infinity } = options;
    const startedAt = Date.now();
    const onAbort = (): void => giveUp(signal?.reason);
    const onDeadline = (): void => {
      const phase = this.#pending.get(id)?.phase ?? "total";
      giveUp(deadlineError(this.#options.path, phase, Date.now() - startedAt));
    };
    const leftMs = Math.max(0, deadlineAt - startedAt);
    const timer = leftMs <= longestDelayMs ? setTimeout(onDeadline, leftMs) : undefined;
    signal?.addEventListener("abort", onAbort, { once: true });
    return () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    };
  }

  #start(): Worker {
    const worker = new Worker(this.#entry(), { workerData: this.#options, name: "binnacle-sqlite" });
    let failure: unknown;
    worker.on("message", (message: FromWorker) => this.#receive(message));
    worker.on("error", (error) => {
      failure = error;
    });
    worker.on("exit", (code) => {
      if (this.#worker === worker) this.#worker = undefined;
      for (const { reject } of this.#pending.values()) reject(workerError(this.#options.path, code, failure));
    });
    return worker;
  }

  #receive(message: FromWorker): void {
    const pending = this.#pending.get(message.id);
    if (pending === undefined) return; // the caller has aborted
    switch (message.type) {
      case "result":
        pending.resolve(message.result);
        return;
      case "error":
        pending.reject(fromWireError(message.error));
        return;
      case "waiting":
        pending.phase = message.phase;
        return;
      default:
        message satisfies never;
    }
  }
}

function post<K extends Method>(
  worker: Worker,
  message: ToWorker<K>,
  transfer: readonly Transferable[] = [],
): void {
  try {
    worker.postMessage(message, transfer);
  } catch (error) {
    if (!isUncopyable(error)) throw error;
    throw new ConfigurationError(`Expected plain data, got a value that cannot be stored: ${error.message}`, {
      cause: error,
    });
  }
}

/** Returns true for the error of a value that cannot be copied, such as a function, or that is nested too
 * deep. */
function isUncopyable(error: unknown): error is Error {
  return error instanceof RangeError || (error instanceof Error && error.name === "DataCloneError");
}

function closedError(path: string): BinnacleError {
  return new BinnacleError("closed", `The store on "${path}" is closed. Create a new store.`);
}

function workerError(path: string, exitCode: number, cause: unknown): BinnacleError {
  const reason = cause instanceof Error ? cause.message : `exit code ${exitCode}`;
  return new BinnacleError(
    "worker_failed",
    `The worker thread of "${path}" ended unexpectedly (${reason}). Acknowledged writes are in the file. Repeat the call.`,
    { retryable: true, cause },
  );
}

function deadlineError(path: string, phase: string, afterMs: number): TimeoutError {
  const reason = phase === "lock" ? "was still locked by another writer" : "did not answer";
  return new TimeoutError(
    `The file "${path}" ${reason} within ${afterMs} ms, before the deadline of the call.`,
    {
      afterMs,
      phase,
    },
  );
}
