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

/** The connection to a Redis, made on first use and, once it is lost, again behind the calls' back. */
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
    // A cluster reports its nodes' failures under a name of their own.
    this.client.on("node error", this.#onNodeError);
  }

  get client(): Redis | Cluster {
    return this.#created.client;
  }

  /** The words that a message about the server may use, and the secrets that it must not hold. */
  get context(): FailureContext {
    const { address, secrets } = this.#created;
    return { address, secrets, isNew: !this.#hasConnected };
  }

  get isReady(): boolean {
    return this.client.status === "ready";
  }

  /** Why there is no connection, if that is known. */
  get lastError(): BinnacleError | undefined {
    return this.#lastError;
  }

  /**
   * Resolves when commands can be sent. Waits for the first attempt, and rejects at once while a lost connection is being
   * made again; a patient caller waits for the next attempt instead.
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

  /** The typed error. That a connection is closed is a consequence; the cause was heard before. */
  explain(error: unknown): BinnacleError {
    const explained = explainFailure(error, this.context);
    return explained.code === "connection_lost" ? (this.#lastError ?? explained) : explained;
  }

  /** A command succeeded: what was wrong is over. */
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
    // An error without a listener would be printed by the client while its last connections close.
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

/** Resolves when the client is ready, rejects when its next attempt fails. */
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
  made.catch(() => undefined); // whoever waits has a deadline and may be gone
  return made;
}

function closedError(): Error {
  return new Error("Connection is closed.");
}
