import { systemClock, type Clock } from "@binnacle/core/kit";
import type { Principal } from "../principal.ts";
import { roles } from "../roles.ts";
import { matchesHash, parseKey } from "./api-key.ts";
import type { StoredKey } from "./key-schema.ts";

/** Recognises keys. */
export interface KeyRing {
  /** Returns the key's owner, `expired`, or undefined for any other key. */
  find(key: string): Principal | "expired" | undefined;
}

/** A hash that no secret has, so that an unknown id takes as long as a known one. */
const noHash = "0".repeat(64);

/** Creates a ring of keys. `keysOf` is called for each look-up, so that the keys may change meanwhile. */
export function createKeyRing(keysOf: () => readonly StoredKey[], clock: Clock = systemClock): KeyRing {
  return {
    find: (text) => {
      const given = parseKey(text);
      if (given === undefined) return undefined;
      const key = keysOf().find(({ id }) => id === given.id);
      const secrets = key?.secrets ?? [{ sha256: noHash, expires_at: undefined }];
      // Every hash is compared, so that the time does not tell which one matched.
      const matching = secrets.filter(({ sha256 }) => matchesHash(given.secret, sha256));
      if (key === undefined || matching.length === 0) return undefined;
      const isValid = matching.some(
        ({ expires_at: end }) => end === undefined || Date.parse(end) > clock.now(),
      );
      return isValid ? principalOf(key) : "expired";
    },
  };
}

function principalOf(key: StoredKey): Principal {
  const { id, tenant, collections } = key;
  const granted = [...key.roles.flatMap((role) => roles[role]), ...key.permissions];
  const { requests_per_minute: perMinute, requests_per_day: perDay } = key;
  return { id, tenant, collections, permissions: new Set(granted), perMinute, perDay };
}
