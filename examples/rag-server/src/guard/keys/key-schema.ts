import { z } from "zod";
import { permissions } from "../permissions.ts";
import { roles, type Role } from "../roles.ts";

const instant = z.iso.datetime({ offset: true });
const roleNames = Object.keys(roles).filter((name): name is Role => Object.hasOwn(roles, name));

/** The hash of one secret. A key has two while it is rotated. */
const secret = z.strictObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "must be 64 lower-case hex digits"),
  expires_at: instant.optional(),
});

const key = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "must be lower-case letters, digits or -"),
  roles: z.array(z.enum(roleNames)).default([]),
  permissions: z.array(z.enum(permissions)).default([]),
  tenant: z.string().min(1).max(128).optional(),
  collections: z.array(z.string().min(1)).min(1).optional(),
  secrets: z.array(secret).min(1).max(2),
  requests_per_minute: z.int().positive().optional(),
  requests_per_day: z.int().positive().optional(),
});

/** The file of keys. It holds hashes, and no secret. */
export const keyFile = z.strictObject({
  version: z.literal(1),
  keys: z
    .array(key)
    .max(10_000)
    .refine((keys) => new Set(keys.map(({ id }) => id)).size === keys.length, "two keys have the same id"),
});

/** One key as the file holds it. */
export type StoredKey = z.output<typeof key>;
