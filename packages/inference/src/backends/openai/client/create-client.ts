import { ConfigurationError } from "@binnacle/core";
import type { OwnFetch } from "@binnacle/core/kit";
import type { ServerAddress } from "../../../server/server-address.ts";
import type { OpenAIClient } from "./openai-client.ts";

/** Options of {@link createClient}. */
export interface CreateClientOptions {
  /** Name of the driver, for messages. */
  readonly component: string;
  readonly address: ServerAddress;
  readonly apiKey?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The app's own `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** The driver's `fetch`, which is used if the app has none. */
  readonly own?: OwnFetch | undefined;
}

/**
 * Loads the `openai` package and creates a client. Throws `ConfigurationError` if the package cannot be
 * loaded.
 */
export async function createClient(options: CreateClientOptions): Promise<OpenAIClient> {
  const { component, address, apiKey, headers = {}, fetch, own } = options;
  const { url, authorization } = address;
  const { OpenAI } = await import("openai").catch((cause: unknown) => {
    throw new ConfigurationError(
      `${component}: the package "openai" cannot be loaded; run npm install openai`,
      { cause },
    );
  });
  // The package would read missing options from the environment, so all are given. Its log would show
  // headers.
  const unused = { adminAPIKey: null, organization: null, project: null, webhookSecret: null } as const;
  const said = { ...unused, apiKey: apiKey ?? "none", baseURL: url, maxRetries: 0, logLevel: "off" } as const;
  // As everywhere in the SDK, a key overrides the user and password in the address.
  const basic = apiKey === undefined && authorization !== undefined;
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  const defaultHeaders = { ...(basic ? { authorization } : {}), ...Object.fromEntries(named) };
  // By default the package uses Node's fetch, which gives up after 300 s. Its requests are only addresses and
  // JSON.
  const ownFetch: typeof globalThis.fetch | undefined =
    own && ((input, init) => own.fetch(input instanceof Request ? input.url : input, init));
  return new OpenAI({ ...said, defaultHeaders, fetch: fetch ?? ownFetch });
}
