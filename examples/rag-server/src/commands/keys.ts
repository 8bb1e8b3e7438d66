import { ConfigurationError } from "@binnacle/core";
import { exitStatus } from "../exit-status.ts";
import { addKeyTo, removeKeyFrom, rotateKeyIn } from "../guard/keys/change-keys.ts";
import { roles, type Role } from "../guard/roles.ts";
import type { Terminal } from "../terminal.ts";

const hourMs = 3_600_000;

/** Options of the commands of one key. */
export interface KeyOptions {
  /** File of the keys. */
  readonly file: string;
  readonly id: string;
}

/** Options of `keys add`. */
export interface AddKeyOptions extends KeyOptions {
  readonly roles: readonly string[];
  readonly tenant?: string | undefined;
  /** Days until the key expires. */
  readonly days?: number | undefined;
}

/** Adds a key and prints it. */
export async function addKey(options: AddKeyOptions, terminal: Terminal): Promise<number> {
  const { file, id, tenant, days } = options;
  const named = options.roles.map(roleOf);
  if (named.length === 0)
    throw new ConfigurationError("a key without a role may do nothing; add --role reader");
  const expiresAt = days === undefined ? undefined : new Date(Date.now() + days * 24 * hourMs).toISOString();
  const key = await addKeyTo(file, { id, roles: named, tenant, expiresAt });
  return printed(key, terminal);
}

/** Prints a new secret of a key. */
export async function rotateKey(
  { file, id, graceHours }: KeyOptions & { readonly graceHours: number },
  terminal: Terminal,
): Promise<number> {
  const oldUntil = new Date(Date.now() + graceHours * hourMs).toISOString();
  return printed(await rotateKeyIn(file, id, oldUntil), terminal);
}

/** Removes a key. */
export async function removeKey({ file, id }: KeyOptions, terminal: Terminal): Promise<number> {
  await removeKeyFrom(file, id);
  terminal.print(`Removed the key "${id}".`);
  terminal.result({ removed: id });
  return exitStatus.ok;
}

function printed(key: string, terminal: Terminal): number {
  terminal.note("Keep this key; the file holds only its hash:");
  terminal.print(key);
  terminal.result({ key });
  return exitStatus.ok;
}

function roleOf(name: string): Role {
  const found = Object.keys(roles).find((role): role is Role => role === name);
  if (found !== undefined) return found;
  throw new ConfigurationError(`there is no role "${name}"; use ${Object.keys(roles).join(", ")}`);
}
