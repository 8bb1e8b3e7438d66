import type { CallOptions } from "./call-options.ts";
import type { CollectionInfo } from "./collection-spec.ts";

/** A copy of one collection at one moment. */
export interface Snapshot {
  /** Name within the collection's snapshots. Matches `^[A-Za-z0-9][A-Za-z0-9_-]{0,240}\.snapshot$`. */
  readonly name: string;
  readonly collection: string;
  /** Time of creation in ISO 8601, with `Z`. Missing if the server does not know it. */
  readonly createdAt?: string | undefined;
  readonly bytes: number;
  /** Hex SHA-256 of the bytes. Missing if the server did not record it. */
  readonly sha256?: string | undefined;
}

/** Options of {@link SnapshotAdmin.restore}. */
export interface RestoreOptions extends CallOptions {
  /** The {@link Snapshot.sha256} that the bytes must have. */
  readonly sha256: string;
}

/**
 * Copies collections and restores them. A snapshot holds the points and the definition of its collection, but
 * no alias and no manifest. Its format is the store's own. Calls that name a snapshot reject with code
 * `not_found` if it does not exist, and with a `ConfigurationError` if the name is not allowed.
 */
export interface SnapshotAdmin {
  /** Copies the collection. Writes may go on, and the snapshot holds the state of one moment. */
  create(collection: string, options?: CallOptions): Promise<Snapshot>;
  /** Returns the snapshots of a collection, ordered by name. Download a snapshot before you delete its
   * collection, because a server may delete both. */
  list(collection: string, options?: CallOptions): Promise<readonly Snapshot[]>;
  /** Yields the bytes. Throws code `snapshot_damaged` after the last byte if they do not have the recorded
   * checksum. */
  download(collection: string, snapshot: string, options?: CallOptions): AsyncIterable<Uint8Array>;
  /** Deletes a snapshot. Returns false if it did not exist. */
  delete(collection: string, snapshot: string, options?: CallOptions): Promise<boolean>;
  /**
   * Creates a collection from the bytes of a snapshot, under any free name. To replace a collection, restore
   * under a new name and switch an alias. The collection gets a new incarnation, so that no earlier epoch or
   * manifest matches it. Rejects with code `name_taken` if a collection or an alias has the name. Rejects
   * with `checksum_mismatch` if the bytes do not have `sha256`, and with `snapshot_damaged` if they are not a
   * snapshot. No collection is created then.
   */
  restore(
    collection: string,
    bytes: AsyncIterable<Uint8Array>,
    options: RestoreOptions,
  ): Promise<CollectionInfo>;
}
