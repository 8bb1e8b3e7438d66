import { BinnacleError } from "@binnacle/core";
import { createBackoff, sleep, type Backoff, type HttpStream } from "@binnacle/core/kit";
import { classifyFailure, requestedWaitMs, type FailureKind } from "./classify-failure.ts";
import { IdleDeadline } from "./idle-deadline.ts";
import { listPage, type ListPage } from "./list-pages.ts";
import type { ReflectorOptions } from "./reflector-settings.ts";
import { readWatchEvents, type WatchEvent } from "./watch-events.ts";
import { watchRequest } from "./watch-request.ts";

/** The outcome of a reflector that does not follow. */
export type ReflectorOutcome = "complete" | "forbidden" | "failed";

// A one-time list gives up after this many failures. A followed list never does.
const maxFailures = 5;
// Some API servers answer every watch with 410. They are then listed at intervals.
const maxExpiries = 5;
const shortWatchMs = 1_000;
// A type that cannot be watched may be watchable later.
const pollsPerTry = 10;
// Long lists let the event loop turn after this many objects.
const objectsPerTurn = 100;

/**
 * Keeps one scope in step with the server: lists it, watches it, and recovers from every failure. Only the
 * signal ends a followed reflector. It reports everything to its sink.
 */
export class Reflector {
  readonly #options: ReflectorOptions;
  readonly #backoff: Backoff;
  readonly #signal: AbortSignal;
  /** Undefined: the next step is a list. */
  #position: string | undefined;
  #asOf: number;
  #isListing = false;
  #isOpen = false;
  #isDegraded = false;
  #mayWatch = true;
  #expiries = 0;
  #polls = 0;
  #isStreaming = false;
  #hasFailedStreaming = false;
  #again = new AbortController();

  constructor(options: ReflectorOptions) {
    this.#options = options;
    this.#signal = options.signal;
    this.#position = options.resume?.resourceVersion;
    this.#asOf = options.resume?.asOf ?? 0;
    const { clock, random } = options;
    this.#backoff = createBackoff({ clock, random });
  }

  /** Runs until the signal fires, or until the list is complete if it does not follow. Rejects with the
   * signal's reason. */
  async run(): Promise<ReflectorOutcome> {
    for (;;) {
      try {
        await this.#step();
        if (!this.#options.follow) return "complete";
      } catch (error) {
        this.#signal.throwIfAborted();
        if (!BinnacleError.isInstance(error) || error.code === "closed") throw error;
        const outcome = await this.#recover(error);
        if (outcome !== undefined) return outcome;
      }
    }
  }

  /** Ends the watch and lists the scope again. */
  relist(): void {
    const { path } = this.#options.query;
    const message = `GET ${path}: the watch has missed changes, so the list begins again.`;
    this.#position = undefined;
    this.#again.abort(new BinnacleError("watch_incomplete", message, { retryable: true }));
  }

  async #step(): Promise<void> {
    const { follow, times, clock, random } = this.#options;
    this.#isOpen = false;
    this.#again = new AbortController();
    this.#isStreaming = this.#position === undefined && this.#listsByWatch;
    if (this.#position === undefined && !this.#isStreaming) await this.#list();
    if (!follow) return;
    if (this.#mayWatch) return this.#watch();
    await sleep(times.pollMs * (0.5 + random()), { signal: this.#signal, clock });
    this.#position = undefined;
    this.#polls += 1;
    if (this.#polls % pollsPerTry !== 0) return;
    this.#mayWatch = true;
    this.#expiries = 0;
  }

  /** True if the next list comes as the beginning of a watch. */
  get #listsByWatch(): boolean {
    const { follow, streaming } = this.#options;
    return follow && this.#mayWatch && streaming.isOffered && !this.#hasFailedStreaming;
  }

  async #recover(error: BinnacleError): Promise<ReflectorOutcome | undefined> {
    const { client, sink, follow, times, streaming, onMissing, clock, random } = this.#options;
    const kind = classifyFailure(error);
    const wasListing = this.#position === undefined;
    if (this.#isListing) sink.aborted(error);
    this.#isListing = false;
    if (this.#isStreaming && wasListing) {
      this.#hasFailedStreaming = true; // pages work on every server, and with less rights
      if (kind === "refused") streaming.isOffered = false;
      if (kind === "refused" || kind === "forbidden") return undefined;
    }
    if (error.code === "watch_silent" || error.code === "timeout") client.reconnect();
    if (kind === "expired") this.#expire(error);
    else if (kind !== "transient" || !this.#isOpen || error.code === "watch_silent") this.#degrade(error);
    if (!follow) return this.#giveUpOrWait(error, kind);
    if (kind === "missing") onMissing();
    if (kind === "forbidden" && !wasListing) {
      this.#mayWatch = false; // lists are allowed, watches are not
      this.#position = undefined;
    } else if (kind === "forbidden")
      await sleep(times.forbiddenRetryMs * (0.5 + random()), { signal: this.#signal, clock });
    else await this.#backoff.wait({ signal: this.#signal, atLeastMs: requestedWaitMs(error) });
    return undefined;
  }

  async #giveUpOrWait(error: BinnacleError, kind: FailureKind): Promise<ReflectorOutcome | undefined> {
    if (kind === "forbidden") return "forbidden";
    const mayPass = error.retryable || kind === "expired";
    if (mayPass && this.#backoff.failures < maxFailures) {
      await this.#backoff.wait({ signal: this.#signal, atLeastMs: requestedWaitMs(error) });
      return undefined;
    }
    this.#options.sink.aborted(error);
    return "failed";
  }

  #expire(error: BinnacleError): void {
    if (this.#position === undefined) return; // a page's token is too old, which is normal
    this.#position = undefined;
    this.#expiries += 1;
    if (this.#expiries < maxExpiries) return;
    this.#mayWatch = false;
    const message = `${error.message}. The server ended ${this.#expiries} watches in a row like this, so the type is listed at intervals.`;
    this.#degrade(new BinnacleError("watch_impossible", message, { cause: error, retryable: true }));
  }

  #degrade(error: BinnacleError): void {
    this.#isDegraded = true;
    this.#options.sink.degraded(error);
  }

  #current(asOf: number): void {
    this.#asOf = asOf;
    this.#isDegraded = false;
    this.#options.sink.current(asOf);
  }

  async #list(): Promise<void> {
    const { sink, lists, clock } = this.#options;
    using _permit = await lists.acquire({ signal: this.#signal });
    const asOf = clock.now();
    const first = await this.#page(undefined);
    this.#start();
    for (let page: ListPage | undefined = first; page !== undefined;) {
      // The server writes the next page while this one is read.
      const next: Promise<ListPage | undefined> =
        page.next === undefined ? Promise.resolve(undefined) : this.#page(page.next);
      next.catch(() => undefined); // it is awaited below, unless showing this page fails first
      await this.#show(page);
      page = await next;
    }
    this.#complete(first.resourceVersion, asOf);
    if (!this.#mayWatch) this.#backoff.reset();
    await sink.room(this.#signal);
  }

  #start(): void {
    this.#isListing = true;
    this.#options.sink.started();
  }

  #complete(resourceVersion: string, asOf: number): void {
    this.#isListing = false;
    this.#hasFailedStreaming = false;
    this.#position = resourceVersion;
    this.#options.sink.complete(resourceVersion, asOf);
    this.#current(asOf);
  }

  /** Asks for one page, and again with the same token after a failure that may pass. */
  async #page(page: string | undefined): Promise<ListPage> {
    const { client, query, follow } = this.#options;
    let limit = this.#options.times.pageSize;
    for (;;) {
      try {
        return await listPage(client, query, { limit, page, signal: this.#signal });
      } catch (error) {
        this.#signal.throwIfAborted();
        if (!BinnacleError.isInstance(error) || page === undefined) throw error;
        if (error.code === "response_too_large" && limit > 1) {
          limit = Math.ceil(limit / 8);
          continue;
        }
        if (!error.retryable || classifyFailure(error) !== "transient") throw error;
        if (!follow && this.#backoff.failures >= maxFailures) throw error;
        this.#degrade(error);
        await this.#backoff.wait({ signal: this.#signal, atLeastMs: requestedWaitMs(error) });
      }
    }
  }

  async #show({ objects }: ListPage): Promise<void> {
    const { sink } = this.#options;
    for (const [index, object] of objects.entries()) {
      sink.listed(object);
      if (index % objectsPerTurn === objectsPerTurn - 1)
        await new Promise((resolve) => setImmediate(resolve));
    }
    await sink.room(this.#signal);
  }

  /** Watches from the position. Without a position it asks for a streaming list first. */
  async #watch(): Promise<void> {
    const { sink, times, lists, clock, query } = this.#options;
    const isInitial = this.#position === undefined;
    using permit = isInitial ? await lists.acquire({ signal: this.#signal }) : undefined;
    using idle = new IdleDeadline(clock, times.idleMs, query.path);
    const [openedAt, asOf] = [clock.monotonicNow(), clock.now()];
    const stream = await this.#open(idle.signal);
    if (isInitial) this.#start();
    else this.#opened();
    let events = 0;
    for await (const event of readWatchEvents(stream.body, query.path)) {
      idle.heard();
      events += 1;
      if (!this.#isListing) this.#follow(event);
      else if (this.#isInitialEnd(event)) {
        this.#complete(event.resourceVersion, asOf);
        permit?.release();
        this.#opened();
      }
      await idle.pauseFor(sink.room(this.#signal));
    }
    if (this.#isListing) throw endedEarly(query.path);
    if (clock.monotonicNow() - openedAt >= shortWatchMs) return this.#backoff.reset();
    // A server that closes watches at once must not be asked in a loop.
    if (events === 0) await this.#backoff.wait({ signal: this.#signal });
  }

  #open(idle: AbortSignal): Promise<HttpStream> {
    const { client, query, random } = this.#options;
    const request = watchRequest(query, this.#position, random);
    return client.stream(request, { signal: AbortSignal.any([this.#signal, idle, this.#again.signal]) });
  }

  /** Takes an event of a streaming list. Returns true if it ends the list. */
  #isInitialEnd(event: WatchEvent): boolean {
    const { sink } = this.#options;
    if (event.type === "BOOKMARK") return event.endsInitialEvents;
    if (event.type === "DELETED") sink.removed(event.object);
    else sink.listed(event.object);
    return false;
  }

  #follow(event: WatchEvent): void {
    const { sink, clock } = this.#options;
    if (event.type === "DELETED") sink.removed(event.object);
    else if (event.type !== "BOOKMARK") sink.changed(event.object);
    this.#position = event.resourceVersion;
    this.#expiries = 0;
    this.#backoff.reset();
    sink.position(event.resourceVersion);
    this.#current(clock.now());
  }

  #opened(): void {
    this.#isOpen = true;
    // Nothing newer is proven before the first event or bookmark.
    if (this.#isDegraded || this.#asOf > 0) this.#current(this.#asOf);
  }
}

function endedEarly(path: string): BinnacleError {
  return new BinnacleError("watch_ended", `GET ${path}: the streaming list ended early.`, {
    retryable: true,
  });
}
