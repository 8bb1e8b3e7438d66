import type { Client, ClientDuplexStream, ClientUnaryCall, Metadata } from "@grpc/grpc-js";
import { ConfigurationError, TimeoutError } from "@binnacle/core";
import type { TransportOptions, WireCall } from "./triton-transport.ts";

/** One gRPC connection that sends and receives encoded messages. */
export interface GrpcChannel {
  unary(method: string, body: Buffer, call: WireCall): Promise<Uint8Array>;
  /** Sends one message and yields the answers. Leaving the loop cancels the call. */
  stream(method: string, body: Buffer, call: WireCall): AsyncIterable<Uint8Array>;
  /** Closes the connection. Pending calls reject with the reason. */
  close(reason: Error): void;
}

/** Creates a channel. It loads `@grpc/grpc-js` and connects with the first call. */
export function createGrpcChannel(options: TransportOptions): GrpcChannel {
  return new LazyChannel(options);
}

const service = "/inference.GRPCInferenceService/";
const channelOptions = {
  "grpc.max_receive_message_length": -1, // tensors exceed the default of 4 MiB
  "grpc.max_send_message_length": -1,
  "grpc-node.flow_control_window": 8 * 2 ** 20, // 64 KiB by default, which slows large tensors down
  "grpc.enable_retries": 0, // the driver retries by itself
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.min_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 2_000,
  "grpc.use_local_subchannel_pool": 1, // a new channel must open a new connection
};
/** The server learns of the deadline a little later, so that the driver's own timer always fires first. */
const graceMs = 50;
const readyState = 2;
const unchanged = (bytes: Buffer): Buffer => bytes;

interface Opened {
  readonly client: Client;
  readonly newMetadata: () => Metadata;
}
interface Cancellable {
  cancel(): void;
}

class LazyChannel implements GrpcChannel {
  readonly #options: TransportOptions;
  readonly #running = new Set<() => void>();
  #opened: Promise<Opened> | undefined;
  #closed: Error | undefined;

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  async unary(method: string, body: Buffer, call: WireCall): Promise<Uint8Array> {
    const { client, metadata, limits } = await this.#begin(call);
    return new Promise((resolve, reject) => {
      const running: ClientUnaryCall = client.makeUnaryRequest(
        service + method,
        unchanged,
        unchanged,
        body,
        metadata,
        limits,
        (error, reply) => {
          const reason = release();
          if (error !== null || reply === undefined) reject(reason ?? error ?? new Error("no answer"));
          else resolve(reply);
        },
      );
      const release = this.#watch(client, running, call, (reason) => reject(reason));
    });
  }

  async *stream(method: string, body: Buffer, call: WireCall): AsyncGenerator<Uint8Array, void, undefined> {
    const { client, metadata, limits } = await this.#begin(call);
    const running: ClientDuplexStream<Buffer, Buffer> = client.makeBidiStreamRequest(
      service + method,
      unchanged,
      unchanged,
      metadata,
      limits,
    );
    running.on("error", () => undefined); // the loop throws it; a cancelled stream has no loop any more
    const release = this.#watch(client, running, call, (reason) => void running.destroy(reason));
    try {
      running.write(body);
      running.end();
      for await (const message of running) if (message instanceof Uint8Array) yield message;
    } catch (error) {
      throw release() ?? error;
    } finally {
      release();
      running.cancel();
    }
  }

  close(reason: Error): void {
    this.#closed ??= reason;
    for (const end of this.#running) end();
    this.#opened?.then(({ client }) => client.close()).catch(() => undefined);
  }

  #throwIfClosed(): void {
    if (this.#closed !== undefined) throw this.#closed;
  }

  async #begin({ signal, deadlineAt, headers }: WireCall): Promise<{
    readonly client: Client;
    readonly metadata: Metadata;
    readonly limits: { readonly deadline?: number };
  }> {
    this.#throwIfClosed();
    this.#opened ??= open(this.#options);
    const { client, newMetadata } = await this.#opened;
    signal.throwIfAborted();
    this.#throwIfClosed();
    const metadata = newMetadata();
    for (const [name, value] of Object.entries({ ...this.#options.headers, ...headers }))
      metadata.set(name.toLowerCase(), value);
    return { client, metadata, limits: deadlineAt === undefined ? {} : { deadline: deadlineAt + graceMs } };
  }

  /**
   * Cancels the call at an abort, at `close` and if no connection opens in time. The returned function stops
   * watching, and returns the reason if this cancelled the call.
   */
  #watch(
    client: Client,
    running: Cancellable,
    { signal }: WireCall,
    onEnd: (reason: Error) => void,
  ): () => unknown {
    let reason: unknown;
    const end = (why: unknown): void => {
      reason = why;
      running.cancel();
      onEnd(why instanceof Error ? why : new Error("cancelled", { cause: why }));
      this.#dropIfSilent(why);
    };
    const abort = (): void => end(signal.reason);
    const close = (): void => end(this.#closed);
    const timer = this.#connectTimer(client, end);
    signal.addEventListener("abort", abort, { once: true });
    this.#running.add(close);
    return () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      this.#running.delete(close);
      return reason;
    };
  }

  #connectTimer(client: Client, end: (why: unknown) => void): NodeJS.Timeout | undefined {
    const isReady = (): boolean => client.getChannel().getConnectivityState(false) === readyState;
    if (isReady()) return undefined;
    const { label, connectTimeoutMs: afterMs } = this.#options;
    return setTimeout(() => {
      if (isReady()) return;
      end(new TimeoutError(`${label}: no connection after ${afterMs} ms`, { afterMs, phase: "connect" }));
    }, afterMs);
  }

  /**
   * Opens a new connection for later calls if the server was silent for too long. A half-open connection
   * would stay silent for ever.
   */
  #dropIfSilent(why: unknown): void {
    if (!TimeoutError.isInstance(why) || why.phase === "total") return;
    const silent = this.#opened;
    this.#opened = undefined;
    silent?.then(({ client }) => client.close()).catch(() => undefined);
  }
}

async function open({ label, url, tls = {} }: TransportOptions): Promise<Opened> {
  const { Client, Metadata, credentials } = await import("@grpc/grpc-js").catch((cause: unknown) => {
    throw new ConfigurationError(
      `${label}: the package "@grpc/grpc-js" cannot be loaded; run npm install @grpc/grpc-js, or use an http URL`,
      { cause },
    );
  });
  const { host, protocol } = new URL(url);
  const newMetadata = (): Metadata => new Metadata();
  if (protocol !== "grpcs:")
    return { client: new Client(host, credentials.createInsecure(), channelOptions), newMetadata };
  const { ca, cert, key, passphrase, serverName, rejectUnauthorized = true } = tls;
  // Loads TLS for those who use it.
  const { createSecureContext } = process.getBuiltinModule("node:tls");
  const context = createSecureContext({
    ca: ca === undefined ? undefined : [ca].flat(),
    cert,
    key,
    passphrase,
  });
  const secure = credentials.createFromSecureContext(context, { rejectUnauthorized });
  const named = serverName === undefined ? {} : { "grpc.ssl_target_name_override": serverName };
  return { client: new Client(host, secure, { ...channelOptions, ...named }), newMetadata };
}
