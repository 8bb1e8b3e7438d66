import type { Fence } from "@binnacle/core";
import { checkFence } from "@binnacle/core/stores";
import type { Partition } from "./partition.ts";
import { integer, text, type Connection } from "./connection.ts";
import { toTextKey } from "./text-key.ts";

/** The highest token and the last write per tenant and source of a collection. Runs inside the call's
 * transaction. */
export class FenceTable {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Remembers the token. Throws a `FencedError` if a higher token was seen. */
  admit({ collection, tenant }: Partition, fence: Fence | undefined): void {
    if (fence === undefined) return;
    const key = [collection.key, tenant, toTextKey(fence.sourceId)] as const;
    const row = this.#connection.get(
      "SELECT token FROM fences WHERE collection = ? AND tenant = ? AND source = ?",
      ...key,
    );
    checkFence(fence, row && integer(row, "token"));
    this.#connection.run(
      `INSERT INTO fences (collection, tenant, source, token) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET token = excluded.token`,
      ...key,
      fence.token,
    );
  }

  /** Records the state after a fenced call of the source. */
  written({ collection, tenant }: Partition, { sourceId }: Fence, state: string): void {
    this.#connection.run(
      "UPDATE fences SET written = ? WHERE collection = ? AND tenant = ? AND source = ?",
      state,
      collection.key,
      tenant,
      toTextKey(sourceId),
    );
  }

  /** Returns the source's epoch. */
  epoch({ collection, tenant, unfenced }: Partition, sourceId: string): string {
    const row = this.#connection.get(
      "SELECT written FROM fences WHERE collection = ? AND tenant = ? AND source = ?",
      collection.key,
      tenant,
      toTextKey(sourceId),
    );
    return `${collection.incarnation}:${unfenced}/${row ? text(row, "written") : ""}`;
  }
}
