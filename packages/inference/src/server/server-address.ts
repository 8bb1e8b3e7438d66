import { ConfigurationError } from "@binnacle/core";

/** Where a server is, and what of its address is nobody's business. */
export interface ServerAddress {
  /** Without credentials and trailing slash. */
  readonly url: string;
  /** Basic authentication (RFC 7617) of the user and password in the address, where it has them. */
  readonly authorization?: string | undefined;
  /** What of the credentials may show up in the words of others. */
  readonly secrets: readonly string[];
}

/** Takes the credentials out of an address. Throws `ConfigurationError`, without the value, where they cannot be read. */
export function parseAddress(component: string, baseUrl: string): ServerAddress {
  const { origin, pathname, username, password } = new URL(baseUrl);
  const url = `${origin}${pathname.replace(/\/+$/, "")}`;
  if (username === "" && password === "") return { url, secrets: [] };
  const [user, secret] = [decoded(component, username), decoded(component, password)];
  const token = Buffer.from(`${user}:${secret}`).toString("base64");
  const secrets = password === "" ? [username, user, token] : [password, secret, token];
  return { url, authorization: `Basic ${token}`, secrets };
}

function decoded(component: string, part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new ConfigurationError(
      `${component}: a % in the user or password of the server's address must be written as %25`,
    );
  }
}
