import type { Partition } from "./partition.ts";
import type { Connection } from "./connection.ts";

// Enough for an index of another process to catch up after a pause, little beside the points themselves.
const keptEpochs = 10_000;

/** Which states a partition went through lately, so that an index can tell whether its own is one of them. */
export class EpochTable {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Notes a state and forgets those that are too old to be asked for. */
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

  /** Whether the partition was once in this state, as far as is remembered. */
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
