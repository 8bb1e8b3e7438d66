import type { Partition } from "./partition.ts";
import { integer, text, type Connection } from "./connection.ts";

// Enough for the index of another process to catch up after a pause, and small compared with the points.
const keptRemovals = 10_000;

/** The latest removed points, so that an index need not be rebuilt after every deletion. */
export class RemovalTable {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  add({ collection, tenant }: Partition, sequence: number, id: string): void {
    this.#connection.run(
      "INSERT INTO removals (collection, tenant, sequence, id) VALUES (?, ?, ?, ?)",
      collection.key,
      tenant,
      sequence,
      id,
    );
  }

  /** Returns the ids that were removed since then. Some points may exist again. */
  *since({ collection, tenant }: Partition, sequence: number): Iterable<string> {
    const rows = this.#connection.iterate(
      "SELECT id FROM removals WHERE collection = ? AND tenant = ? AND sequence > ?",
      collection.key,
      tenant,
      sequence,
    );
    for (const row of rows) yield text(row, "id");
  }

  /** Deletes the older half if there are too many. An index that is further behind is rebuilt. Returns the
   * sequence up to which removals are forgotten. */
  trim({ collection, tenant, forgotten }: Partition): number {
    const key = [collection.key, tenant] as const;
    const counted = this.#connection.one(
      "SELECT count(*) AS removals FROM removals WHERE collection = ? AND tenant = ?",
      ...key,
    );
    if (integer(counted, "removals") <= keptRemovals) return forgotten;
    const middle = this.#connection.one(
      "SELECT sequence FROM removals WHERE collection = ? AND tenant = ? ORDER BY sequence DESC LIMIT 1 OFFSET ?",
      ...key,
      keptRemovals / 2,
    );
    const upTo = integer(middle, "sequence");
    this.#connection.run(
      "DELETE FROM removals WHERE collection = ? AND tenant = ? AND sequence <= ?",
      ...key,
      upTo,
    );
    return upTo;
  }
}
