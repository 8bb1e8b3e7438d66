import { AdmissionError, BinnacleError, TimeoutError, type CallOptions } from "@binnacle/core";
import { createCircuitBreaker, type CircuitBreaker } from "@binnacle/core/kit";
import type { Cluster, Redis } from "ioredis";
import type { ParsedRedisOptions } from "../redis-options.ts";
import { FailureReports } from "./failure-reports.ts";
import { isCluster, serversOf } from "./redis-commands.ts";
import { RedisConnection } from "./redis-connection.ts";
import { isReply } from "./redis-failure.ts";
import { askServers } from "./ask-servers.ts";
import { timedOut, within } from "./within.ts";

const refreshSlotsEveryMs = 500;
/**
 * Five failures in a row stop the calls. A ping then tests the server, at first after 250 ms and at the
 * latest after a second.
 */
const breakerRules = {
  consecutiveFailures: 5,
  failureShare: 1,
  baseEjectionMs: 250,
  maxEjectionMs: 1_000,
} as const;

/**
 * Sends commands that are answered within a deadline or fail. A command is never repeated or queued without
 * bound.
 */
export class RedisLink {
  readonly #options: ParsedRedisOptions;
  /** The class that callers know, for messages. */
  readonly #label: string;
  readonly #connection: RedisConnection;
  readonly #breaker: CircuitBreaker;
  readonly #reports: FailureReports;
  /** Ends the wait of each call that is under way. */
  readonly #waits = new Set<(reason: unknown) => void>();
  #inFlightBytes = 0;
  #openedAt: number | undefined;
  #slotsAskedAt = -Infinity;
  #isClosed = false;

  constructor(options: ParsedRedisOptions, label = "RedisCache") {
    this.#options = options;
    this.#label = label;
    this.#reports = new FailureReports(options.onEvent);
    this.#connection = new RedisConnection(options, {
      onFailure: (error) => this.#reports.failure(error),
      onReady: () => void this.#inspect(),
    });
    const blameOf = (error: unknown): "replica" | "caller" =>
      this.#isServersFault(error) ? "replica" : "caller";
    this.#breaker = createCircuitBreaker({ name: this.#address, blameOf, ...breakerRules });
  }

  /**
   * Runs a command on a ready connection. Rejects with the signal's reason or a typed error: the command took
   * too long, the server failed, too many bytes are in flight, or the server has failed too often recently.
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
    if (this.#inFlightBytes > 0 && this.#inFlightBytes + bytes > this.#options.maxInFlightBytes) {
      throw this.#overloaded();
    }
    try {
      const result = await this.#breaker.run(
        () => this.#bounded((over) => this.#send(bytes, command, over), call, this.#waits),
        call,
      );
      this.#connection.succeeded();
      return result;
    } catch (error) {
      call.signal?.throwIfAborted();
      if (!BinnacleError.isInstance(error)) throw error;
      if (!AdmissionError.isInstance(error)) this.#noted(error);
      if (this.#breaker.state !== "closed") this.#giveUp();
      throw error;
    }
  }

  /** Reports a failure of only some keys of a command. */
  report(error: unknown): BinnacleError {
    return this.#noted(this.#connection.explain(error));
  }

  /**
   * Asks every server for its state within the deadline. Failures of single servers are part of the answer.
   */
  async ask(call: CallOptions = {}): ReturnType<typeof askServers> {
    this.#assertOpen();
    const asked = async (): ReturnType<typeof askServers> => {
      await this.#connection.ready({ isPatient: true });
      return askServers(this.#connection.client, this.#connection.context);
    };
    return this.#bounded(asked, call);
  }

  /** Closes the connections. A client of the app stays open. */
  close(): void {
    this.#isClosed = true;
    this.#connection.close();
  }

  get #address(): string {
    return this.#connection.context.address;
  }

  /** Ends the calls that are under way. A server that failed five calls will hardly answer the others. */
  #giveUp(): void {
    this.#openedAt ??= performance.now();
    for (const end of this.#waits) end(this.#notAsked());
  }

  /**
   * Waits for work until the caller's deadline or `timeoutMs`. `over` tells the work that the wait has ended.
   */
  async #bounded<T>(
    work: (over: { readonly isOver: boolean }) => Promise<T>,
    { signal, deadlineAt = Infinity }: CallOptions,
    waits?: Set<(reason: unknown) => void>,
  ): Promise<T> {
    const ms = Math.min(this.#options.timeoutMs, deadlineAt - Date.now());
    if (ms <= 0) throw this.#tooLate(0);
    const over = { isOver: false };
    try {
      return await within(work(over), { ms, signal, waits });
    } catch (error) {
      if (signal?.aborted === true) throw signal.reason;
      if (AdmissionError.isInstance(error)) throw error;
      throw error === timedOut ? this.#tooLate(ms) : this.#connection.explain(error);
    } finally {
      over.isOver = true;
    }
  }

  async #send<T>(
    bytes: number,
    command: (client: Redis | Cluster) => Promise<T>,
    over: { readonly isOver: boolean },
  ): Promise<T> {
    this.#inFlightBytes += bytes;
    try {
      if (!this.#connection.isReady) await this.#connection.ready();
      if (over.isOver) throw this.#tooLate(0);
      return await command(this.#connection.client);
    } finally {
      this.#inFlightBytes -= bytes; // not earlier, because the client holds the command until here
    }
  }

  /** Sends a ping in the background, so that no caller waits for a server that may still be hung. */
  async #probe(): Promise<void> {
    const ping = async (): Promise<unknown> => {
      await this.#connection.ready({ isPatient: true });
      return Promise.any(serversOf(this.#connection.client).map((server) => server.ping()));
    };
    try {
      await this.#breaker.run(() => this.#bounded(ping, {}));
      this.#reports.recovered(performance.now() - (this.#openedAt ?? performance.now()));
      this.#openedAt = undefined;
    } catch (error) {
      if (!BinnacleError.isInstance(error)) throw error;
      if (error.code !== "circuit_open") this.#reports.failure(error);
    }
  }

  /**
   * Returns true if the call shows that the server is hung or fails. An error reply is an answer, and a short
   * deadline is the caller's fault. Without a connection a call fails at once, so a circuit breaker would
   * save nothing.
   */
  #isServersFault(error: unknown): boolean {
    if (TimeoutError.isInstance(error)) return error.afterMs >= this.#options.timeoutMs;
    if (AdmissionError.isInstance(error)) return false;
    return BinnacleError.isInstance(error) && !isReply(error) && this.#connection.isReady;
  }

  #noted(error: BinnacleError): BinnacleError {
    this.#reports.failure(error);
    this.#refreshSlots();
    return error;
  }

  /**
   * Asks a cluster for its slots after a failure. The client alone would notice a dead node or moved slots
   * much later.
   */
  #refreshSlots(): void {
    const { client } = this.#connection;
    const now = performance.now();
    if (!isCluster(client) || now - this.#slotsAskedAt < refreshSlotsEveryMs) return;
    this.#slotsAskedAt = now;
    client.refreshSlotsCache(() => undefined);
  }

  async #inspect(): Promise<void> {
    const { servers } = await askServers(this.#connection.client, this.#connection.context);
    for (const { warnings } of servers) for (const warning of warnings) this.#reports.warning(warning);
  }

  #assertOpen(): void {
    if (this.#isClosed)
      throw new BinnacleError("closed", `${this.#label}: the connection is closed. Create a new one.`);
  }

  /**
   * Returns the error of a wait that took too long. The cause of a missing connection, if known, is more
   * useful than a timeout.
   */
  #tooLate(afterMs: number): BinnacleError {
    const took = `within ${Math.round(afterMs)} ms`;
    if (this.#connection.isReady) {
      const message = `${this.#address}: no answer ${took}. Raise \`timeoutMs\` if the server is only slow`;
      return new TimeoutError(message, { afterMs, phase: "total" });
    }
    const hint = this.#address.includes("rediss:") ? " and that the port speaks TLS" : "";
    const message = `${this.#address}: no connection ${took}. Check the address${hint}`;
    return this.#connection.lastError ?? new TimeoutError(message, { afterMs, phase: "connect" });
  }

  #notAsked(): AdmissionError {
    const because = this.#reports.last?.message ?? `${this.#address} failed too often`;
    return new AdmissionError(
      "circuit_open",
      `${this.#label}: no call waits for the server until it answers a ping. ${because}`,
    );
  }

  #overloaded(): AdmissionError {
    const { maxInFlightBytes } = this.#options;
    const now = Math.round(this.#inFlightBytes);
    const message = `${this.#address}: ${now} bytes are in flight, and \`maxInFlightBytes\` is ${maxInFlightBytes}. Raise it, or send fewer calls at once`;
    return new AdmissionError("overloaded", message);
  }
}
