import { createHttpClient, type HttpClient } from "@binnacle/core/kit";
import type { QdrantSettings } from "../qdrant-options.ts";
import { clientLike } from "./injected-client.ts";

/** Returns a function that returns the store's HTTP client. An invalid option throws at once. */
export function httpClientOf(settings: QdrantSettings): () => Promise<HttpClient> {
  const { target, timeoutMs, tls, fetch } = settings;
  const options = { headersTimeoutMs: timeoutMs, tls, fetch };
  if ("client" in target) return clientLike(target.client, options);
  const { url, apiKey } = target;
  const headers = apiKey === undefined ? {} : { "api-key": apiKey };
  const client = createHttpClient({ baseUrl: url, headers, ...options });
  return () => Promise.resolve(client);
}
