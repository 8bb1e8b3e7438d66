import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** A key as a client sends it: the id finds the entry, the secret proves it. */
export interface ParsedKey {
  readonly id: string;
  readonly secret: string;
}

const form = /^bk_([a-z0-9][a-z0-9-]{0,62})_([A-Za-z0-9-]{43,64})$/;

/** Reads a key of the form `bk_ID_SECRET`. Returns undefined for any other text. */
export function parseKey(text: string): ParsedKey | undefined {
  const [, id, secret] = form.exec(text) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

/** Makes a secret of 256 random bits. */
export function createSecret(): string {
  return randomBytes(32).toString("base64url").replaceAll("_", "-");
}

/** Returns the text of a key. */
export function keyText({ id, secret }: ParsedKey): string {
  return `bk_${id}_${secret}`;
}

/** Returns the hash under which a secret is stored. */
export function hashOf(secret: string): string {
  return createHash("sha256").update(secret, "utf8").digest("hex");
}

/** Compares a secret with a stored hash in a time that does not depend on either. */
export function matchesHash(secret: string, sha256: string): boolean {
  return timingSafeEqual(Buffer.from(hashOf(secret), "hex"), Buffer.from(sha256, "hex"));
}
