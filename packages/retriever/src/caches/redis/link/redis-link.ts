import { BinnacleError, TimeoutError, type CallOptions } from "@binnacle/core";
import type { Cluster, Redis } from "ioredis";
import { CircuitBreaker } from "./circuit-breaker.ts";
import { createClient, type CreatedClient } from "./create-client.ts";
import { FailureReports } from "./failure-reports.ts";
import { isCluster, serversOf } from "./redis-commands.ts";
import { explainFailure, isReply } from "./redis-failure.ts";
import type { ParsedRedisOptions } from "../redis-options.ts";
import { askServers } from "./server-health.ts";
import { timedOut, within } from "./within.ts";

const reconnectEveryMs = 500;
const breakerPolicy = { failures: 5, windowMs: 1_000, probeEveryMs: 250 } as const;

/** A client that answers within a deadline or fails: a call is never parked, repeated or queued without bound. */
export class RedisLink {
  readonly #options: ParsedRedisOptions;
  readonly #created: CreatedClient;
  readonly #client: Redis | Cluster;
  readonly #breaker = new CircuitBreaker({ ...breakerPolicy, now: () => performance.now() });
  readonly #reports: FailureReports;
  #lastError: BinnacleError | undefined;
  #connecting: Promise<void> | undefined;
  #connectedAt = -Infinity;
  #slotsAskedAt = -Infinity;
  #inFlightBytes = 0;
  #isClosed = false;

  constructor(options: ParsedRedisOptions) {
    this.#options = options;
    this.#created = createClient(options, { isRefused: () => this.#lastError?.code === "unauthorized" });
    this.#client = this.#created.client;
    this.#reports = new FailureReports(options.onEvent);
    this.#client.on("error", this.#onError);
    this.#client.on("ready", this.#onReady);
    // A cluster reports its nodes' failures under a name of their own.
    this.#client.on("node error", this.#onError);
  }

  /** Where the server is, without credentials. */
  get address(): string {
    return this.#created.address;
  }

  get client(): Redis | Cluster {
    return this.#client;
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
    if (this.#breaker.isOpen) {
      if (this.#breaker.takeProbe()) void this.#probe();
      throw this.#unavailable();
    }
    const allowedMs = Math.min(this.#options.timeoutMs, (call.deadlineAt ?? Infinity) - Date.now());
    if (allowedMs <= 0) throw this.#tooLate(0);
    if (this.#inFlightBytes > 0 && this.#inFlightBytes + bytes > this.#options.maxInFlightBytes) {
      throw this.#overloaded();
    }
    try {
      const result = await within(this.#send(bytes, command), { ms: allowedMs, signal: call.signal });
      this.#succeeded();
      return result;
    } catch (error) {
      call.signal?.throwIfAborted();
      throw this.#failed(error, allowedMs);
    }
  }

  /** Tells about a failure that concerned some keys of a command only. */
  report(error: unknown): BinnacleError {
    const explained = explainFailure(error, this.#created);
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
    this.#client.off("node error", this.#onError);
    // An error without a listener would be printed by the client while its last connections close.
    if (!this.#created.owned) this.#client.off("error", this.#onError);
  }

  async #send<T>(bytes: number, command: (client: Redis | Cluster) => Promise<T>): Promise<T> {
    this.#inFlightBytes += bytes;
    try {
      if (this.#client.status !== "ready") await this.#connected(false);
      return await command(this.#client);
    } finally {
      this.#inFlightBytes -= bytes;
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

  async #probe(): Promise<void> {
    const { timeoutMs: ms } = this.#options;
    try {
      if (this.#client.status !== "ready") await within(this.#connected(true), { ms, signal: undefined });
      const pings = serversOf(this.#client).map((server) => server.ping());
      await within(Promise.any(pings), { ms, signal: undefined });
      this.#succeeded();
    } catch (error) {
      this.#reports.failure(this.#explained(error, ms));
    }
  }

  #succeeded(): void {
    const openMs = this.#breaker.succeeded();
    if (openMs !== undefined) this.#reports.recovered(openMs);
  }

  #failed(error: unknown, allowedMs: number): BinnacleError {
    const explained = this.#explained(error, allowedMs);
    // A caller in a hurry says nothing about the server.
    const isImpatient = explained.code === "timeout" && allowedMs < this.#options.timeoutMs;
    if (!isImpatient && !isReply(explained)) this.#breaker.failed();
    this.#reports.failure(explained);
    this.#refreshSlots();
    return explained;
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
      const explained = explainFailure(error, this.#created);
      // That a connection is closed is the consequence; the cause was told before.
      return explained.code === "connection_lost" ? (this.#lastError ?? explained) : explained;
    }
    if (this.#client.status === "ready") return this.#tooLate(allowedMs);
    return this.#lastError ?? this.#notConnected(allowedMs);
  }

  readonly #onError = (error: unknown): void => {
    const explained = explainFailure(error, this.#created);
    if (explained.code !== "connection_lost" || this.#lastError === undefined) this.#lastError = explained;
    if (!this.#isClosed) this.#reports.failure(explained);
  };

  readonly #onReady = (): void => {
    this.#lastError = undefined;
    void this.#inspect();
  };

  async #inspect(): Promise<void> {
    const answers = await askServers(this.#client, this.#created);
    for (const { warnings } of answers.servers)
      for (const warning of warnings) this.#reports.warning(warning);
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
    return explainFailure(new Error("Connection is closed."), this.#created);
  }

  #unavailable(): BinnacleError {
    const because = this.#reports.last?.message ?? `${this.address}: too many failures`;
    return new BinnacleError("unavailable", `RedisCache: not asked until it answers again. ${because}`, {
      retryable: true,
    });
  }

  #overloaded(): BinnacleError {
    const { maxInFlightBytes } = this.#options;
    return new BinnacleError(
      "overloaded",
      `${this.address}: ${this.#inFlightBytes} bytes are under way and \`maxInFlightBytes\` is ${maxInFlightBytes}`,
      { retryable: true },
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
