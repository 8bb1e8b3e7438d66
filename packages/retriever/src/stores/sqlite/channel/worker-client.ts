import { Worker, type Transferable } from "node:worker_threads";
import { BinnacleError, ConfigurationError, TimeoutError, type CallOptions } from "@binnacle/core";
import { checkCall } from "@binnacle/core/kit";
import type { FromWorker, Method, RequestOf, Result, ToWorker, WorkerOptions } from "./requests.ts";
import { fromWireError } from "./wire-error.ts";
import { workerUrl } from "./worker-url.ts";

// A longer delay makes setTimeout fire at once (https://nodejs.org/api/timers.html#settimeoutcallback-delay-args).
const longestDelayMs = 2 ** 31 - 1;

interface Pending {
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
  /** What the worker said it waits for on behalf of this call. */
  phase: string;
}

/**
 * The caller's end of the worker. The thread starts with the first call and keeps the process alive only while a call
 * is under way. If it dies, the calls under way reject with code `worker_failed` and the next call starts another.
 */
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

  /** Throws where a call would be refused before the worker hears of it: closed, aborted, or too late. */
  check(options: CallOptions = {}): void {
    if (this.#closing !== undefined) throw closedError(this.#options.path);
    checkCall(options);
  }

  /** Has the worker do it. Rejects with `signal.reason`, a `TimeoutError`, or what the worker threw. */
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

  /** Lets running calls end, gives up those that wait for the lock, closes the file and ends the thread. */
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

  /** Rejects the call when its signal or its deadline says so; returns what stops watching. */
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
    if (pending === undefined) return; // its caller gave up
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
    throw new ConfigurationError(
      `expected plain data, got something that cannot be stored: ${error.message}`,
      {
        cause: error,
      },
    );
  }
}

/** A function, say; or what is nested so deep that copying it overflows the stack. */
function isUncopyable(error: unknown): error is Error {
  return error instanceof RangeError || (error instanceof Error && error.name === "DataCloneError");
}

function closedError(path: string): BinnacleError {
  return new BinnacleError("closed", `the store on "${path}" was closed; open another one`);
}

function workerError(path: string, exitCode: number, cause: unknown): BinnacleError {
  const reason = cause instanceof Error ? cause.message : `exit code ${exitCode}`;
  return new BinnacleError(
    "worker_failed",
    `the worker thread of "${path}" ended unexpectedly (${reason}); what was acknowledged is in the file, repeat the call`,
    { retryable: true, cause },
  );
}

function deadlineError(path: string, phase: string, afterMs: number): TimeoutError {
  const reason = phase === "lock" ? "was still locked by another writer" : "did not answer";
  return new TimeoutError(`the file "${path}" ${reason} within ${afterMs} ms, at the deadline of the call`, {
    afterMs,
    phase,
  });
}
