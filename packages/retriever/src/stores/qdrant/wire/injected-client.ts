import { ConfigurationError } from "@binnacle/core";
import { createHttpClient, type HttpClient, type HttpClientOptions } from "@binnacle/core/kit";
import { z } from "zod";

/** A `QdrantClient` of `@qdrant/js-client-rest`. The store reads its address and headers and sends its own
 * requests, because a call of that client takes no abort signal. */
export interface QdrantClientLike {
  /** The requests of the client, one function for each route. */
  api(): object;
}

const dispatched = z.object({
  origin: z.union([z.string(), z.instanceof(URL)]).transform(String),
  path: z.string(),
  headers: z.record(z.string(), z.string()),
});

/** Headers that every `fetch` adds, or that belong to one request. */
const ofFetch: ReadonlySet<string> = new Set([
  "accept",
  "accept-encoding",
  "accept-language",
  "connection",
  "content-length",
  "content-type",
  "host",
  "sec-fetch-mode",
  "user-agent",
]);

/** Returns true if the value has the requests of a REST client. */
export function isQdrantClient(value: unknown): value is QdrantClientLike {
  return rootOf(value) !== undefined;
}

/** Returns a function that creates, once, an HTTP client with the address and the headers of an injected
 * client. */
export function clientLike(
  client: QdrantClientLike,
  options: Omit<HttpClientOptions, "baseUrl" | "headers">,
): () => Promise<HttpClient> {
  let created: Promise<HttpClient> | undefined;
  const create = async (): Promise<HttpClient> =>
    createHttpClient({ ...(await targetOf(client)), ...options });
  return () => (created ??= create());
}

/** Lets the client prepare a request and stops it before it is sent. The client keeps its address and headers
 * private, so a prepared request is the only public way to read them. */
async function targetOf(client: QdrantClientLike): Promise<Pick<HttpClientOptions, "baseUrl" | "headers">> {
  const stopped = new Error("The request is only read, not sent.");
  let prepared: unknown;
  const dispatcher = {
    dispatch(request: unknown): never {
      prepared = request;
      throw stopped;
    },
  };
  const root = rootOf(client);
  try {
    await root?.({}, { dispatcher });
  } catch {
    // The stopped request. Without one, the check below fails.
  }
  const read = dispatched.safeParse(prepared);
  if (!read.success) throw unreadable();
  const { origin, path, headers } = read.data;
  const own = Object.entries(headers).filter(([name]) => !ofFetch.has(name.toLowerCase()));
  return { baseUrl: `${origin}${path}`, headers: Object.fromEntries(own) };
}

type Root = (payload: object, init: object) => unknown;

function rootOf(client: unknown): Root | undefined {
  if (!hasApi(client)) return undefined;
  const api: unknown = client.api();
  if (typeof api !== "object" || api === null || !("root" in api)) return undefined;
  const { root } = api;
  return typeof root === "function" ? (...given) => Reflect.apply(root, api, given) : undefined;
}

function hasApi(value: unknown): value is QdrantClientLike {
  return typeof value === "object" && value !== null && "api" in value && typeof value.api === "function";
}

function unreadable(): ConfigurationError {
  const message = "the address of this client cannot be read. Pass `url` and `apiKey` instead";
  return new ConfigurationError(`QdrantStore: client: ${message}.`, {
    issues: [{ path: "client", message }],
  });
}
