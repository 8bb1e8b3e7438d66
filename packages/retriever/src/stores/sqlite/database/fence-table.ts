import type { Fence } from "@binnacle/core";
import { checkFence } from "../../shared/write/check-fence.ts";
import type { Partition } from "./collection-table.ts";
import { integer, type Connection } from "./connection.ts";
import { toTextKey } from "./text-key.ts";

/** The highest token seen per tenant and source of a collection. Runs inside the write's own transaction. */
export class FenceTable {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Remembers the token. Throws `fenced` where a higher one was seen. */
  admit({ collection, tenant }: Partition, fence: Fence | undefined): void {
    if (fence === undefined) return;
    const key = [collection.key, tenant, toTextKey(fence.sourceId)] as const;
    const row = this.#connection.get(
      "SELECT token FROM fences WHERE collection = ? AND tenant = ? AND source = ?",
      ...key,
    );
    checkFence(fence, row && integer(row, "token"));
    this.#connection.run(
      "INSERT OR REPLACE INTO fences (collection, tenant, source, token) VALUES (?, ?, ?, ?)",
      ...key,
      fence.token,
    );
  }
}
