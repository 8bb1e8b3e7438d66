import { ConfigurationError } from "@binnacle/core";
import type { OwnFetch } from "@binnacle/core/kit";
import type { ServerAddress } from "../../../server/server-address.ts";
import type { OpenAIClient } from "./openai-client.ts";

/** What {@link createClient} takes. */
export interface CreateClientOptions {
  /** For messages. */
  readonly component: string;
  readonly address: ServerAddress;
  readonly apiKey?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** An app's own. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** The driver's; used if the app has none. */
  readonly own?: OwnFetch | undefined;
}

/** Loads the `openai` package and makes a client. Throws `ConfigurationError` if the package is not installed. */
export async function createClient(options: CreateClientOptions): Promise<OpenAIClient> {
  const { component, address, apiKey, headers = {}, fetch, own } = options;
  const { url, authorization } = address;
  const { OpenAI } = await import("openai").catch((cause: unknown) => {
    throw new ConfigurationError(
      `${component}: the package "openai" cannot be loaded; run npm install openai`,
      { cause },
    );
  });
  // Every option is given, because the package reads the others from the environment. Its log would show headers.
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
