import { z } from "zod";
import { collectionName } from "../shared/fields.ts";

export const snapshotReply = z.object({
  name: z.string(),
  collection: z.string(),
  created_at: z.string().nullable(),
  bytes: z.int(),
  sha256: z.string().nullable().describe("Hex SHA-256 of the bytes; a restore asks for it."),
});

export const snapshotsQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z.string().max(300).optional().describe("Name of the last snapshot of the page before."),
});
export const snapshotsReply = z.object({
  snapshots: z.array(snapshotReply),
  next: z.string().nullable().describe("Pass it as `after` for the next page. Null on the last page."),
});

export const snapshotParams = z.strictObject({
  name: collectionName,
  snapshot: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,240}\.snapshot$/, "must be a snapshot's name"),
});
export const snapshotDeleted = z.object({ name: z.string(), deleted: z.boolean() });

export const restoreQuery = z.strictObject({
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "must be 64 lower-case hex digits")
    .describe("Checksum that the bytes must have."),
});

export const snapshotBytes = z.unknown().describe("The bytes of the snapshot.");
