import type { ManifestScope } from "@binnacle/core";
import { integer, text, type Connection } from "./connection.ts";
import { fromTextKey } from "./text-key.ts";

/** One document of a scope. Both are text keys. */
export interface SeenKey {
  readonly lease: number;
  readonly scope: string;
  readonly document: string;
}

/** The last listing in which each document was seen, by scope. It is a table of its own, because each
 * listing changes it for every document. The rows are small, and those of one scope are adjacent. */
export class SeenTable {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  put({ lease, scope, document }: SeenKey, seenIn: string): void {
    this.#connection.run(
      "INSERT OR REPLACE INTO seen (lease, scope, document, seen_in) VALUES (?, ?, ?, ?)",
      lease,
      scope,
      document,
      seenIn,
    );
  }

  delete({ lease, scope, document }: SeenKey): void {
    const sql = "DELETE FROM seen WHERE lease = ? AND scope = ? AND document = ?";
    this.#connection.run(sql, lease, scope, document);
  }

  scopes(lease: number): readonly ManifestScope[] {
    return this.#connection
      .all("SELECT scope, count(*) AS documents FROM seen WHERE lease = ? GROUP BY scope", lease)
      .map((row) => ({ scope: fromTextKey(text(row, "scope")), documents: integer(row, "documents") }));
  }
}
