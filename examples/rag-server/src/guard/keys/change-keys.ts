import { rename, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { ConfigurationError } from "@binnacle/core";
import { parseOptions } from "@binnacle/core/kit";
import { createSecret, hashOf, keyText } from "./api-key.ts";
import { keyFile, type StoredKey } from "./key-schema.ts";
import { readKeys } from "./open-key-file.ts";

/** A new key, before its secret is made. */
export type NewKey = Pick<StoredKey, "id" | "roles" | "tenant"> & {
  /** Time at which the key stops working. */
  readonly expiresAt?: string | undefined;
};

/** Adds a key to a file, which it creates if needed. Returns the key, which is stored nowhere. */
export async function addKeyTo(path: string, { expiresAt, ...key }: NewKey): Promise<string> {
  const keys = existsSync(path) ? await readKeys(path) : [];
  if (keys.some(({ id }) => id === key.id))
    throw new ConfigurationError(`${path} has a key "${key.id}"; rotate it, or use another name`);
  const secret = createSecret();
  const stored = { sha256: hashOf(secret), ...(expiresAt !== undefined && { expires_at: expiresAt }) };
  await writeKeys(path, [...keys, { ...key, permissions: [], secrets: [stored] }]);
  return keyText({ id: key.id, secret });
}

/** Gives a key a new secret. The old secret stays valid until `oldUntil`. Returns the key with the new one. */
export async function rotateKeyIn(path: string, id: string, oldUntil: string): Promise<string> {
  const keys = await readKeys(path);
  const key = requireKey(path, keys, id);
  const secret = createSecret();
  const newest = key.secrets.at(-1);
  const old = newest && { ...newest, expires_at: earliest(newest.expires_at, oldUntil) };
  const secrets = [...(old ? [old] : []), { sha256: hashOf(secret) }];
  await writeKeys(
    path,
    keys.map((one) => (one === key ? { ...key, secrets } : one)),
  );
  return keyText({ id, secret });
}

/** Removes a key from a file. */
export async function removeKeyFrom(path: string, id: string): Promise<void> {
  const keys = await readKeys(path);
  const key = requireKey(path, keys, id);
  await writeKeys(
    path,
    keys.filter((one) => one !== key),
  );
}

function requireKey(path: string, keys: readonly StoredKey[], id: string): StoredKey {
  const key = keys.find((one) => one.id === id);
  if (key !== undefined) return key;
  const names = keys.map((one) => one.id).join(", ") || "no keys";
  throw new ConfigurationError(`${path} has no key "${id}", but ${names}`);
}

function earliest(end: string | undefined, other: string): string {
  return end !== undefined && Date.parse(end) < Date.parse(other) ? end : other;
}

/** Writes beside the file and renames, so that a running server never reads half a file. */
async function writeKeys(path: string, keys: readonly StoredKey[]): Promise<void> {
  const file = parseOptions(path, keyFile, { version: 1, keys });
  const beside = `${path}.${process.pid}`;
  try {
    await writeFile(beside, `${JSON.stringify(file, undefined, 2)}\n`, { mode: 0o600 });
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw new ConfigurationError(`${path} cannot be written`, { cause: error });
  }
}
