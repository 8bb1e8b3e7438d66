import { createSecret, hashOf, keyText } from "../guard/keys/api-key.ts";
import { keyFile, type StoredKey } from "../guard/keys/key-schema.ts";
import type { Permission } from "../guard/permissions.ts";
import type { Role } from "../guard/roles.ts";

/** A key for tests: the entry of the file, and the header that proves it. */
export interface TestKey {
  readonly stored: StoredKey;
  readonly headers: { readonly authorization: string };
}

/** Options of {@link testKey}. */
export interface TestKeyOptions {
  readonly roles?: readonly Role[];
  readonly permissions?: readonly Permission[];
  readonly tenant?: string;
  readonly collections?: readonly string[];
  readonly expires_at?: string;
  readonly requests_per_minute?: number;
  readonly requests_per_day?: number;
}

/** Makes a key with a new secret. */
export function testKey(id: string, { expires_at, ...options }: TestKeyOptions = {}): TestKey {
  const secret = createSecret();
  const secrets = [{ sha256: hashOf(secret), ...(expires_at !== undefined && { expires_at }) }];
  const [stored] = keyFile.parse({ version: 1, keys: [{ id, ...options, secrets }] }).keys;
  if (stored === undefined) throw new TypeError("no key");
  return { stored, headers: { authorization: `Bearer ${keyText({ id, secret })}` } };
}
