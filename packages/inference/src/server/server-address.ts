import { ConfigurationError } from "@binnacle/core";

/** An address with its credentials taken out. */
export interface ServerAddress {
  /** The address without credentials and without a trailing slash. */
  readonly url: string;
  /** Basic authentication (RFC 7617) from the user and password in the address, if it has them. */
  readonly authorization?: string | undefined;
  /** Forms of the credentials that other programs' messages may repeat. */
  readonly secrets: readonly string[];
}

/**
 * Separates an address from its credentials. Throws a `ConfigurationError`, without the value, if they cannot
 * be decoded.
 */
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
