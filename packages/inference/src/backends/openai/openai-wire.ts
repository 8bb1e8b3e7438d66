import { BinnacleError, ConfigurationError, InvalidResponseError, type CallOptions } from "@binnacle/core";
import { abortable, createDeadline, createFetch, redact, secretsIn, type OwnFetch } from "@binnacle/core/kit";
import { attempted } from "../../attempted.ts";
import { closedError } from "../../remembered.ts";
import { parseAddress, type ServerAddress } from "../../protocol/server-address.ts";
import type { StreamedAnswer } from "../../streaming/answer-beginning.ts";
import { secretsOfClient, type OpenAIClient, type OpenAIResponse } from "./openai-client.ts";
import { openAIError, reportedError, type Clean, type RequestFailureContext } from "./openai-error.ts";
import type { OpenAIServerSettings } from "./openai-options.ts";

const openAIBaseUrl = "https://api.openai.com/v1";
// Our deadlines are the only timers; this is the longest that its own can be set to.
const neverMs = 2 ** 31 - 1;

/** Options of one request for JSON. */
interface OpenAICallOptions extends CallOptions {
  /** Most milliseconds for each try. */
  readonly timeoutMs: number;
  /** Tries in all. @default the server's setting */
  readonly maxAttempts?: number | undefined;
}

interface WireRequest {
  readonly method: "get" | "post";
  readonly path: string;
  readonly body?: unknown;
}

/** The wire to one server: raw answers, tried again where that may help, causes in the words of inference. */
export interface OpenAIWire {
  /** `OpenAIBackend http://127.0.0.1:8000/v1`, for messages. */
  readonly source: string;
  /** The address without credentials. */
  readonly replica: string;
  /** Takes the secrets out of a text. */
  readonly clean: Clean;
  /** The driver's error for whatever was thrown, without secrets. */
  toError(error: unknown, partial: string | undefined): unknown;
  /** The driver's error for one that the server reported inside a stream, without secrets. */
  toReportedError(error: unknown, partial: string): Error;
  post<T>(path: string, body: unknown, parse: (value: unknown) => T, options: OpenAICallOptions): Promise<T>;
  get<T>(path: string, parse: (value: unknown) => T, options: OpenAICallOptions): Promise<T>;
  stream(
    path: string,
    body: unknown,
    options: CallOptions & { signal: AbortSignal },
  ): Promise<StreamedAnswer>;
  /** Cuts the connections, unless they are an app's own: what is under way rejects with `closed`. */
  close(): Promise<void>;
}

/** Makes the wire. The `openai` package is loaded by the first request, unless the app gave a client of its own. */
export function createOpenAIWire(component: string, settings: OpenAIServerSettings): OpenAIWire {
  const address = parseAddress(component, settings.client?.baseURL ?? settings.baseUrl ?? openAIBaseUrl);
  const { url: replica } = address;
  const { apiKey = "", headers = {}, connectTimeoutMs } = settings;
  const clean: Clean = (text) => {
    const ofClient = settings.client === undefined ? [] : secretsOfClient(settings.client);
    return redact(text, [...address.secrets, apiKey, ...secretsIn(headers), ...ofClient]);
  };
  const source = `${component} ${replica}`;
  const isOwn = settings.client === undefined && settings.fetch === undefined;
  const own = isOwn ? createFetch({ connectTimeoutMs }) : undefined;
  let made: Promise<OpenAIClient> | undefined;
  let closed = false;
  const client = (): Promise<OpenAIClient> =>
    (made ??=
      settings.client === undefined
        ? createClient(component, address, settings, own)
        : Promise.resolve(settings.client));
  const failure = (
    error: unknown,
    { method, path }: WireRequest,
    known: Pick<RequestFailureContext, "partial"> & { readonly waitedMs?: number } = {},
  ): unknown => {
    if (closed && !BinnacleError.isInstance(error)) return closedError(component);
    return openAIError(error, { component, replica, method, path, waitedMs: 0, ...known }, clean);
  };

  const respond = async (
    request: WireRequest,
    { signal, traceparent }: CallOptions,
  ): Promise<OpenAIResponse> => {
    const { method, path, body } = request;
    const traced = traceparent === undefined ? {} : { traceparent };
    const options = { body, headers: traced, signal: signal ?? null, maxRetries: 0, timeout: neverMs };
    const sentAt = performance.now();
    try {
      return await (await client())[method](path, options).asResponse();
    } catch (error) {
      signal?.throwIfAborted();
      throw failure(error, request, { waitedMs: Math.round(performance.now() - sentAt) });
    }
  };

  const json = <T>(
    request: WireRequest,
    parse: (value: unknown) => T,
    options: OpenAICallOptions,
  ): Promise<T> => {
    const { signal: callerSignal, deadlineAt, timeoutMs, maxAttempts = settings.maxAttempts } = options;
    const attempt = async (): Promise<T> => {
      const deadline = createDeadline({ label: source, signal: callerSignal, deadlineAt });
      const { signal } = deadline;
      try {
        deadline.enter("answer", timeoutMs);
        const answer = respond(request, { ...options, signal }).then((response) =>
          readJson(response, source, clean, signal),
        );
        return parse(await abortable(answer, signal));
      } catch (error) {
        throw signal.aborted ? signal.reason : failure(error, request);
      } finally {
        deadline[Symbol.dispose]();
      }
    };
    return attempted(replica, { signal: callerSignal, deadlineAt, maxAttempts }, attempt);
  };

  return {
    source,
    replica,
    clean,
    toError: (error, partial) =>
      failure(
        error,
        { method: "post", path: "" },
        { partial: partial === undefined ? undefined : { text: partial } },
      ),
    toReportedError: (error, partial) =>
      reportedError(error, { component, replica, partial: { text: partial } }, clean),
    post: (path, body, parse, options) => json({ method: "post", path, body }, parse, options),
    get: (path, parse, options) => json({ method: "get", path }, parse, options),
    async stream(path, body, options) {
      const { signal, deadlineAt } = options;
      const answer = attempted(replica, { signal, deadlineAt, maxAttempts: settings.maxAttempts }, () =>
        respond({ method: "post", path, body }, options),
      );
      const response = await abortable(answer, signal);
      const contentType = response.headers?.get("content-type") ?? null;
      return { contentType, body: piecesOf(response, signal) };
    },
    async close() {
      closed = true;
      await own?.close();
    },
  };
}

/** Reads the body under our own signal: the package stops listening to it when the headers have come. */
async function* piecesOf(
  response: OpenAIResponse,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  let open = true;
  try {
    for (;;) {
      const next = await abortable(reader.read(), signal);
      if (next.done) break;
      yield next.value;
    }
    open = false;
  } finally {
    // Of a body that broke, cancelling says so once more; that error is on its way already.
    if (open) await reader.cancel().catch(() => undefined);
  }
}

/** The whole body as JSON. Throws `InvalidResponseError` that shows how what came begins. */
async function readJson(
  response: OpenAIResponse,
  source: string,
  clean: Clean,
  signal: AbortSignal,
): Promise<unknown> {
  const pieces: Uint8Array[] = [];
  for await (const piece of piecesOf(response, signal)) pieces.push(piece);
  const text = new TextDecoder().decode(Buffer.concat(pieces));
  try {
    return JSON.parse(text);
  } catch {
    // Without the cause: it quotes the text, and of a key in it perhaps a part that nothing could redact.
    const came = text === "" ? "an empty body" : `"${clean(text).slice(0, 200)}"`;
    throw new InvalidResponseError(`${source}: expected JSON, got ${came}`);
  }
}

async function createClient(
  component: string,
  { url, authorization }: ServerAddress,
  { apiKey, headers = {}, fetch }: OpenAIServerSettings,
  own: OwnFetch | undefined,
): Promise<OpenAIClient> {
  const { OpenAI } = await import("openai").catch((cause: unknown) => {
    throw new ConfigurationError(
      `${component}: the package "openai" cannot be loaded; run npm install openai`,
      { cause },
    );
  });
  // Everything is said, because the package reads what is not said from the environment. Its log would show headers.
  const unused = { adminAPIKey: null, organization: null, project: null, webhookSecret: null } as const;
  const said = { ...unused, apiKey: apiKey ?? "none", baseURL: url, maxRetries: 0, logLevel: "off" } as const;
  // A key is stronger than the address's user and password, as everywhere in the SDK.
  const basic = apiKey === undefined && authorization !== undefined;
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  const defaultHeaders = { ...(basic ? { authorization } : {}), ...Object.fromEntries(named) };
  // The package's requests are addresses and JSON. By default it would use Node's fetch, which gives up after 300 s.
  const ownFetch: typeof globalThis.fetch | undefined =
    own && ((input, init) => own.fetch(input instanceof Request ? input.url : input, init));
  return new OpenAI({ ...said, defaultHeaders, fetch: fetch ?? ownFetch });
}
