import type { Partition } from "./partition.ts";
import type { Connection } from "./connection.ts";

// Enough for the index of another process to catch up after a pause, and small compared with the points.
const keptEpochs = 10_000;

/** The latest states of a partition, so that an index can check if its own state is one of them. */
export class EpochTable {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Adds a state, and deletes states that are too old to be needed. */
  add({ collection, tenant }: Partition, sequence: number, nonce: string): void {
    const key = [collection.key, tenant] as const;
    this.#connection.run(
      "INSERT OR REPLACE INTO epochs (collection, tenant, sequence, nonce) VALUES (?, ?, ?, ?)",
      ...key,
      sequence,
      nonce,
    );
    this.#connection.run(
      "DELETE FROM epochs WHERE collection = ? AND tenant = ? AND sequence <= ?",
      ...key,
      sequence - keptEpochs,
    );
  }

  /** Returns true if the partition was in this state, as far as is remembered. */
  has(
    { collection, tenant }: Partition,
    { sequence, nonce }: { readonly sequence: number; readonly nonce: string },
  ): boolean {
    const row = this.#connection.get(
      "SELECT nonce FROM epochs WHERE collection = ? AND tenant = ? AND sequence = ?",
      collection.key,
      tenant,
      sequence,
    );
    return row?.["nonce"] === nonce;
  }
}
