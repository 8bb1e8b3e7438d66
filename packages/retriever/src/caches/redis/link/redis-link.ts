import { AdmissionError, BinnacleError, TimeoutError, type CallOptions } from "@binnacle/core";
import { createCircuitBreaker, type CircuitBreaker } from "@binnacle/core/kit";
import type { Cluster, Redis } from "ioredis";
import { createClient, type CreatedClient } from "./create-client.ts";
import { FailureReports } from "./failure-reports.ts";
import { isCluster, serversOf } from "./redis-commands.ts";
import { explainFailure, isReply } from "./redis-failure.ts";
import type { ParsedRedisOptions } from "../redis-options.ts";
import { askServers } from "./server-health.ts";
import { timedOut, within } from "./within.ts";

const reconnectEveryMs = 500;
/** Five failures in a row; then a ping tries again, each time later, but always within a second. */
const breakerRules = {
  consecutiveFailures: 5,
  failureShare: 1,
  baseEjectionMs: 250,
  maxEjectionMs: 1_000,
} as const;

/** A client that answers within a deadline or fails: a call is never parked, repeated or queued without bound. */
export class RedisLink {
  readonly #options: ParsedRedisOptions;
  readonly #created: CreatedClient;
  readonly #client: Redis | Cluster;
  readonly #breaker: CircuitBreaker;
  readonly #reports: FailureReports;
  #lastError: BinnacleError | undefined;
  #connecting: Promise<void> | undefined;
  #connectedAt = -Infinity;
  #slotsAskedAt = -Infinity;
  #inFlightBytes = 0;
  #openedAt: number | undefined;
  #hasConnected = false;
  #isClosed = false;

  constructor(options: ParsedRedisOptions) {
    this.#options = options;
    this.#created = createClient(options, { isRefused: () => this.#lastError?.code === "unauthorized" });
    this.#client = this.#created.client;
    this.#reports = new FailureReports(options.onEvent);
    const blameOf = (error: unknown): "replica" | "caller" =>
      this.#isServersFault(error) ? "replica" : "caller";
    this.#breaker = createCircuitBreaker({ name: this.address, blameOf, ...breakerRules });
    this.#client.on("error", this.#onError);
    this.#client.on("ready", this.#onReady);
    // A cluster reports its nodes' failures under a name of their own.
    this.#client.on("node error", this.#onNodeError);
  }

  /** Where the server is, without credentials. */
  get address(): string {
    return this.#created.address;
  }

  /**
   * Runs a command on a ready connection. Rejects with the signal's reason, or with a typed error: it took too long, the
   * server is gone or refuses, too many bytes are under way, or the server has failed too often just now.
   */
  async run<T>(
    bytes: number,
    command: (client: Redis | Cluster) => Promise<T>,
    call: CallOptions = {},
  ): Promise<T> {
    call.signal?.throwIfAborted();
    this.#assertOpen();
    if (this.#breaker.state !== "closed") {
      void this.#probe();
      throw this.#notAsked();
    }
    const allowedMs = Math.min(this.#options.timeoutMs, (call.deadlineAt ?? Infinity) - Date.now());
    if (allowedMs <= 0) throw this.#tooLate(0);
    if (this.#inFlightBytes > 0 && this.#inFlightBytes + bytes > this.#options.maxInFlightBytes) {
      throw this.#overloaded();
    }
    try {
      return await this.#breaker.run(
        () => this.#bounded(bytes, command, { allowedMs, signal: call.signal }),
        call,
      );
    } catch (error) {
      call.signal?.throwIfAborted();
      if (!BinnacleError.isInstance(error)) throw error;
      if (this.#breaker.state !== "closed") this.#openedAt ??= performance.now();
      this.#reports.failure(error);
      this.#refreshSlots();
      throw error;
    }
  }

  /** Tells about a failure that concerned some keys of a command only. */
  report(error: unknown): BinnacleError {
    const explained = this.#explain(error);
    this.#reports.failure(explained);
    this.#refreshSlots();
    return explained;
  }

  /** Asks every server how it is, within the deadline; the failures are in the answer. */
  async ask(call: CallOptions = {}): ReturnType<typeof askServers> {
    this.#assertOpen();
    const ms = Math.min(this.#options.timeoutMs, (call.deadlineAt ?? Infinity) - Date.now());
    const asked = async (): ReturnType<typeof askServers> => {
      if (this.#client.status !== "ready") await this.#connected(true);
      return askServers(this.#client, this.#created);
    };
    try {
      return await within(asked(), { ms, signal: call.signal });
    } catch (error) {
      call.signal?.throwIfAborted();
      throw this.#explained(error, ms);
    }
  }

  /** Closes the connections. A client of the app stays open. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#created.owned) this.#client.disconnect();
    this.#client.off("ready", this.#onReady);
    this.#client.off("node error", this.#onNodeError);
    // An error without a listener would be printed by the client while its last connections close.
    if (!this.#created.owned) this.#client.off("error", this.#onError);
  }

  async #bounded<T>(
    bytes: number,
    command: (client: Redis | Cluster) => Promise<T>,
    { allowedMs, signal }: { readonly allowedMs: number; readonly signal: AbortSignal | undefined },
  ): Promise<T> {
    let isOver = false;
    const send = async (): Promise<T> => {
      this.#inFlightBytes += bytes;
      try {
        if (this.#client.status !== "ready") await this.#connected(false);
        if (isOver) throw this.#tooLate(allowedMs);
        return await command(this.#client);
      } finally {
        this.#inFlightBytes -= bytes; // only now: until then, the client holds the command
      }
    };
    try {
      return await within(send(), { ms: allowedMs, signal });
    } catch (error) {
      throw signal?.aborted === true ? signal.reason : this.#explained(error, allowedMs);
    } finally {
      isOver = true;
    }
  }

  /** Waits for a connection that is being made for the first time. A lost one is made again behind the calls' back. */
  #connected(isPatient: boolean): Promise<void> {
    const { status } = this.#client;
    const now = performance.now();
    if ((status === "wait" || status === "end") && now - this.#connectedAt >= reconnectEveryMs) {
      this.#connectedAt = now;
      this.#connecting = connection(this.#client);
      this.#client.connect().catch(this.#onError);
      return this.#connecting;
    }
    if (isPatient) return connection(this.#client);
    this.#connecting ??= connection(this.#client);
    return this.#connecting.then(() => {
      if (this.#client.status !== "ready") throw this.#lastError ?? this.#lost();
    });
  }

  /** Sends a ping in the background, so that no caller waits for a server that may still be hung. */
  async #probe(): Promise<void> {
    const { timeoutMs: ms } = this.#options;
    const ping = async (): Promise<unknown> => {
      if (this.#client.status !== "ready") await this.#connected(true);
      return Promise.any(serversOf(this.#client).map((server) => server.ping()));
    };
    const bounded = async (): Promise<void> => {
      try {
        await within(ping(), { ms, signal: undefined });
      } catch (error) {
        throw this.#explained(error, ms);
      }
    };
    try {
      await this.#breaker.run(bounded);
      this.#reports.recovered(performance.now() - (this.#openedAt ?? performance.now()));
      this.#openedAt = undefined;
    } catch (error) {
      if (!BinnacleError.isInstance(error)) throw error;
      if (error.code !== "circuit_open") this.#reports.failure(error);
    }
  }

  /** Whether the server is gone or hung. A refusal is an answer, and a caller in a hurry says nothing about it. */
  #isServersFault(error: unknown): boolean {
    if (!BinnacleError.isInstance(error) || isReply(error)) return false;
    return !(TimeoutError.isInstance(error) && error.afterMs < this.#options.timeoutMs);
  }

  /** A node that died or gave slots away is noticed by a failure long before the client asks again by itself. */
  #refreshSlots(): void {
    const now = performance.now();
    if (!isCluster(this.#client) || now - this.#slotsAskedAt < reconnectEveryMs) return;
    this.#slotsAskedAt = now;
    this.#client.refreshSlotsCache(() => undefined);
  }

  #explained(error: unknown, allowedMs: number): BinnacleError {
    if (error !== timedOut) {
      const explained = this.#explain(error);
      // That a connection is closed is the consequence; the cause was told before.
      return explained.code === "connection_lost" ? (this.#lastError ?? explained) : explained;
    }
    if (this.#client.status === "ready") return this.#tooLate(allowedMs);
    return this.#lastError ?? this.#notConnected(allowedMs);
  }

  readonly #onError = (error: unknown): void => {
    const explained = this.#explain(error);
    if (explained.code !== "connection_lost" || this.#lastError === undefined) this.#lastError = explained;
    if (!this.#isClosed) this.#reports.failure(explained);
  };

  readonly #onNodeError = (error: unknown, node: string): void => {
    const explained = this.#explain(error, node);
    this.#lastError ??= explained;
    if (!this.#isClosed) this.#reports.failure(explained);
  };

  readonly #onReady = (): void => {
    this.#hasConnected = true;
    this.#lastError = undefined;
    void this.#inspect();
  };

  async #inspect(): Promise<void> {
    const answers = await askServers(this.#client, this.#created);
    for (const { warnings } of answers.servers)
      for (const warning of warnings) this.#reports.warning(warning);
  }

  #explain(error: unknown, address: string = this.address): BinnacleError {
    return explainFailure(error, { address, secrets: this.#created.secrets, isNew: !this.#hasConnected });
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new BinnacleError("closed", "RedisCache: the cache is closed");
  }

  #tooLate(afterMs: number): TimeoutError {
    const message = `${this.address}: no answer within ${Math.round(afterMs)} ms. Raise \`timeoutMs\` if the server is only slow`;
    return new TimeoutError(message, { afterMs, phase: "total" });
  }

  #notConnected(afterMs: number): TimeoutError {
    const hint = this.address.includes("rediss:") ? " and that the port speaks TLS" : "";
    const message = `${this.address}: no connection within ${Math.round(afterMs)} ms. Check the address${hint}`;
    return new TimeoutError(message, { afterMs, phase: "connect" });
  }

  #lost(): BinnacleError {
    return this.#explain(new Error("Connection is closed."));
  }

  #notAsked(): AdmissionError {
    const because = this.#reports.last?.message ?? `${this.address} failed too often`;
    return new AdmissionError("circuit_open", `RedisCache: not asked until it answers a ping. ${because}`);
  }

  #overloaded(): AdmissionError {
    return new AdmissionError(
      "overloaded",
      `${this.address}: ${Math.round(this.#inFlightBytes)} bytes are under way, and \`maxInFlightBytes\` is ${this.#options.maxInFlightBytes}`,
    );
  }
}

/** Resolves when the client is ready, rejects when its next attempt fails. */
function connection(client: Redis | Cluster): Promise<void> {
  const made = new Promise<void>((resolve, reject) => {
    const settle = (error?: unknown): void => {
      client.off("ready", onReady).off("error", settle).off("close", onClose).off("end", onClose);
      if (error === undefined) resolve();
      else reject(error);
    };
    const onReady = (): void => settle();
    const onClose = (): void => settle(new Error("Connection is closed."));
    client.on("ready", onReady).on("error", settle).on("close", onClose).on("end", onClose);
  });
  made.catch(() => undefined); // whoever waits has a deadline and may be gone
  return made;
}
