import { ConfigurationError } from "@binnacle/core";
import type { OpenAIClient } from "./openai-client.ts";

/** Where a server is, and what of its address is nobody's business. */
export interface OpenAIAddress {
  /** Without credentials and trailing slash. */
  readonly url: string;
  /** Basic authentication (RFC 7617) of the user and password in the address, where it has them. */
  readonly authorization?: string | undefined;
  /** What of the credentials may show up in the words of others. */
  readonly secrets: readonly string[];
}

/** Takes the credentials out of an address. Throws `ConfigurationError`, without the value, where they cannot be read. */
export function parseAddress(component: string, baseUrl: string): OpenAIAddress {
  const { origin, pathname, username, password } = new URL(baseUrl);
  const url = `${origin}${pathname.replace(/\/+$/, "")}`;
  if (username === "" && password === "") return { url, secrets: [] };
  const [user, secret] = [decoded(component, username), decoded(component, password)];
  const token = Buffer.from(`${user}:${secret}`).toString("base64");
  const secrets = password === "" ? [username, user, token] : [password, secret, token];
  return { url, authorization: `Basic ${token}`, secrets };
}

/** What of a client may show up in the words of others. Read when it is needed: a client may fetch its key late. */
export function secretsOfClient(client: OpenAIClient): readonly string[] {
  const keys: readonly unknown[] = [Reflect.get(client, "apiKey"), Reflect.get(client, "adminAPIKey")];
  // What is shorter stands in for a key where none is needed: "none", "EMPTY". Redacting it would tear up messages.
  return keys.filter((key) => typeof key === "string").filter(({ length }) => length >= 8);
}

function decoded(component: string, part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new ConfigurationError(`${component}: baseUrl: a % in its user or password must be written as %25`);
  }
}
