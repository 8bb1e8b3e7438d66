import type { BinnacleError } from "@binnacle/core";
import type { Cluster, Redis } from "ioredis";
import type { ParsedRedisOptions } from "../redis-options.ts";
import { createClient, type CreatedClient } from "./create-client.ts";
import { explainFailure, type FailureContext } from "./redis-failure.ts";

const reconnectEveryMs = 500;

/** Callbacks for changes of a connection. */
export interface ConnectionEvents {
  readonly onFailure: (error: BinnacleError) => void;
  readonly onReady: () => void;
}

/** A connection to Redis. It is made on first use, and made again in the background after it was lost. */
export class RedisConnection {
  readonly #created: CreatedClient;
  readonly #events: ConnectionEvents;
  #firstAttempt: Promise<void> | undefined;
  #attemptedAt = -Infinity;
  #lastError: BinnacleError | undefined;
  #hasConnected = false;
  #isClosed = false;

  constructor(options: ParsedRedisOptions, events: ConnectionEvents) {
    this.#created = createClient(options, { isRefused: () => this.#lastError?.code === "unauthorized" });
    this.#events = events;
    this.client.on("error", this.#onError);
    this.client.on("ready", this.#onReady);
    // A cluster reports the failures of its nodes in a separate event.
    this.client.on("node error", this.#onNodeError);
  }

  get client(): Redis | Cluster {
    return this.#created.client;
  }

  /** The address for messages about the server, and the secrets that they must not contain. */
  get context(): FailureContext {
    const { address, secrets } = this.#created;
    return { address, secrets, isNew: !this.#hasConnected };
  }

  get isReady(): boolean {
    return this.client.status === "ready";
  }

  /** The last failure of the connection. Undefined after a command succeeded. */
  get lastError(): BinnacleError | undefined {
    return this.#lastError;
  }

  /**
   * Resolves when commands can be sent. Waits for the first attempt. Rejects at once while a lost connection
   * is being made again, but waits for the next attempt if `isPatient` is set.
   */
  async ready({ isPatient = false }: { readonly isPatient?: boolean } = {}): Promise<void> {
    if (this.isReady) return;
    const { status } = this.client;
    const now = performance.now();
    if ((status === "wait" || status === "end") && now - this.#attemptedAt >= reconnectEveryMs) {
      this.#attemptedAt = now;
      this.#firstAttempt = attempt(this.client);
      this.client.connect().catch(this.#onError);
      return this.#firstAttempt;
    }
    if (isPatient) return attempt(this.client);
    await (this.#firstAttempt ??= attempt(this.client));
    if (!this.isReady) throw this.#lastError ?? this.explain(closedError());
  }

  /**
   * Returns the typed error. For a closed connection it is the earlier failure that caused the closing, if it
   * is known.
   */
  explain(error: unknown): BinnacleError {
    const explained = explainFailure(error, this.context);
    return explained.code === "connection_lost" ? (this.#lastError ?? explained) : explained;
  }

  /** Forgets the last failure after a command succeeded. */
  succeeded(): void {
    this.#lastError = undefined;
  }

  /** Closes the connections. A client of the app stays open. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.client.off("ready", this.#onReady);
    this.client.off("node error", this.#onNodeError);
    if (this.#created.owned) this.client.disconnect();
    // The error listener stays, because the client would print an error that occurs while it closes.
    else this.client.off("error", this.#onError);
  }

  readonly #onError = (error: unknown): void => this.#failed(explainFailure(error, this.context));

  readonly #onNodeError = (error: unknown, address: string): void =>
    this.#failed(explainFailure(error, { ...this.context, address }));

  readonly #onReady = (): void => {
    this.#hasConnected = true;
    this.#lastError = undefined;
    this.#events.onReady();
  };

  #failed(error: BinnacleError): void {
    if (this.#isClosed) return;
    if (error.code !== "connection_lost" || this.#lastError === undefined) this.#lastError = error;
    this.#events.onFailure(error);
  }
}

/** Resolves when the client is ready. Rejects when its next attempt fails. */
function attempt(client: Redis | Cluster): Promise<void> {
  const made = new Promise<void>((resolve, reject) => {
    const settle = (error?: unknown): void => {
      client.off("ready", onReady).off("error", settle).off("close", onClose).off("end", onClose);
      if (error === undefined) resolve();
      else reject(error);
    };
    const onReady = (): void => settle();
    const onClose = (): void => settle(closedError());
    client.on("ready", onReady).on("error", settle).on("close", onClose).on("end", onClose);
  });
  made.catch(() => undefined); // the caller may have stopped waiting at its deadline
  return made;
}

function closedError(): Error {
  return new Error("Connection is closed.");
}
