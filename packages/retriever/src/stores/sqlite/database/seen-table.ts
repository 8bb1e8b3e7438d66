import type { ManifestScope } from "@binnacle/core";
import { integer, text, type Connection } from "./connection.ts";
import { fromTextKey } from "./text-key.ts";

/** One document of a scope; both are text keys. */
export interface SeenKey {
  readonly lease: number;
  readonly scope: string;
  readonly document: string;
}

/**
 * In which listing each document was last seen, scope by scope. Apart from the entries, because a source that is listed
 * again changes this of every document: the rows are small, and those of one scope lie together.
 */
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
