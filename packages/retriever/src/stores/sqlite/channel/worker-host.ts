import type { MessagePort } from "node:worker_threads";
import { BinnacleError } from "@binnacle/core";
import type { CallContext } from "./call-context.ts";
import type { Method, Params, RequestOf, Result, ToWorker } from "./requests.ts";
import { toWireError } from "./wire-error.ts";

/** One function per request. */
export type Handlers = {
  readonly [K in Method]: (params: Params<K>, call: CallContext) => Result<K> | Promise<Result<K>>;
};

/** Answers requests after it is opened. */
export interface Service {
  readonly handlers: Handlers;
  close(): void;
}

interface RunningCall {
  readonly controller: AbortController;
  readonly onWaiting: (phase: "lock") => void;
}

/** The worker's end. Opens the service with the first request, and again with the next request if that
 * failed. Answers requests and forwards cancellations. Closes after all running calls have ended. */
export class WorkerHost {
  readonly #port: MessagePort;
  readonly #open: (call: CallContext) => Promise<Service>;
  readonly #running = new Map<number, RunningCall>();
  readonly #closing = new AbortController();
  #service: Promise<Service> | undefined;

  constructor(port: MessagePort, open: (call: CallContext) => Promise<Service>) {
    this.#port = port;
    this.#open = open;
    port.on("message", (message: ToWorker) => this.#receive(message));
  }

  #receive(message: ToWorker): void {
    switch (message.type) {
      case "request":
        void this.#answer(message.id, message.deadlineAt, message.request);
        return;
      case "cancel":
        this.#running.get(message.id)?.controller.abort();
        return;
      case "close":
        this.#startClosing();
        return;
      default:
        message satisfies never;
    }
  }

  async #answer<K extends Method>(
    id: number,
    deadlineAt: number | undefined,
    request: RequestOf<K>,
  ): Promise<void> {
    const startedAt = Date.now();
    const controller = new AbortController();
    const onWaiting = (phase: "lock"): void => this.#port.postMessage({ type: "waiting", id, phase });
    this.#running.set(id, { controller, onWaiting });
    try {
      const { handlers } = await this.#opened();
      const handler: Handlers[K] = handlers[request.method];
      controller.signal.throwIfAborted();
      const call = { signal: controller.signal, startedAt, deadlineAt, onWaiting };
      const result = await handler(request.params, call);
      this.#port.postMessage({ type: "result", id, result });
    } catch (error) {
      this.#port.postMessage({ type: "error", id, error: toWireError(error) });
    } finally {
      this.#running.delete(id);
      if (this.#closing.signal.aborted) void this.#closeWhenIdle();
    }
  }

  /** Opens the service for every call that waits for it, so no single deadline ends it. Each caller
   * watches its own deadline. */
  #opened(): Promise<Service> {
    if (this.#service !== undefined) return this.#service;
    const service = this.#open({
      signal: this.#closing.signal,
      startedAt: Date.now(),
      onWaiting: (phase) => this.#running.forEach((call) => call.onWaiting(phase)),
    });
    this.#service = service;
    service.catch(() => {
      this.#service = undefined; // every caller gets the failure itself
    });
    return service;
  }

  #startClosing(): void {
    const reason = new BinnacleError("closed", "The store is closed.");
    this.#closing.abort(reason);
    for (const { controller } of this.#running.values()) controller.abort(reason);
    void this.#closeWhenIdle();
  }

  async #closeWhenIdle(): Promise<void> {
    if (this.#running.size > 0) return;
    const service = await this.#service;
    service?.close();
    this.#port.close(); // nothing else keeps the thread alive, so it ends here
  }
}
