import { z } from "zod";
import { BinnacleError } from "../errors/binnacle-error.ts";
import { callOptionsFields } from "../kit/parsing/call-options.ts";
import { parseOptions } from "../kit/parsing/parse-options.ts";
import type { RestoreOptions } from "../spec/snapshot-admin.ts";
import { once } from "../kit/once.ts";
import { nameSchema } from "./spec/resolve-spec.ts";

const snapshotName = once(() =>
  z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9_-]{0,240}\.snapshot$/,
      "expected letters, digits, _ or -, ending in .snapshot, and no path",
    ),
);

const restoreSchema = once(() =>
  z.strictObject({
    ...callOptionsFields,
    sha256: z.string().regex(/^[0-9a-f]{64}$/, "expected 64 lower-case hex digits"),
  }),
);

/** Returns true if a snapshot can have this name. */
export function isSnapshotName(name: string): boolean {
  return snapshotName().safeParse(name).success;
}

/** Throws a `ConfigurationError` if a collection or a snapshot cannot have these names. */
export function checkSnapshot(component: string, collection: string, snapshot: string): void {
  const schema = z.strictObject({ collection: nameSchema(), snapshot: snapshotName() });
  parseOptions(component, schema, { collection, snapshot });
}

/** Checks the options of `SnapshotAdmin.restore`. */
export function checkRestore(options: RestoreOptions): RestoreOptions {
  return parseOptions("snapshots.restore", restoreSchema(), options);
}

/** The error for a snapshot that does not exist. Its code is `not_found`. */
export function noSnapshot(collection: string, snapshot: string): BinnacleError {
  return new BinnacleError(
    "not_found",
    `collection "${collection}" has no snapshot "${snapshot}"; snapshots.list names those that exist`,
  );
}

/** The error for a snapshot whose name is in use. Its code is `name_taken`. */
export function restoreTaken(name: string): BinnacleError {
  return new BinnacleError(
    "name_taken",
    `snapshots.restore: a collection or an alias has the name "${name}". Restore under another name, and switch an alias to it.`,
  );
}

/** The error for bytes that are no snapshot of this store. Its code is `snapshot_damaged`. */
export function damagedSnapshot(reason: string, cause?: unknown): BinnacleError {
  return new BinnacleError("snapshot_damaged", `the bytes are not a usable snapshot: ${reason}`, { cause });
}
