import type { ManifestEntry, ManifestPlace, ManifestScope, ManifestSlot } from "@binnacle/core";
import type { EntryQuery, Params } from "../channel/requests.ts";
import { integer, text, type Connection, type Row } from "./connection.ts";
import { ContentTable } from "./content-table.ts";
import { fromTextKey, toTextKey } from "./text-key.ts";

/** What is known of the documents of each source. Runs inside transactions that checked the lease. */
export class EntryTable {
  readonly #connection: Connection;
  readonly #contents: ContentTable;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#contents = new ContentTable(connection);
  }

  get(lease: number | undefined, documentIds: readonly string[]): readonly (ManifestEntry | undefined)[] {
    return documentIds.map((id) => {
      if (lease === undefined) return undefined;
      const row = this.#connection.get(
        "SELECT * FROM entries WHERE lease = ? AND document = ?",
        lease,
        toTextKey(id),
      );
      return row && toEntry(row);
    });
  }

  find(lease: number | undefined, contentHashes: readonly string[]): readonly ManifestPlace[] {
    return lease === undefined ? [] : this.#contents.find(lease, contentHashes);
  }

  put(lease: number, entries: readonly ManifestEntry[]): void {
    for (const entry of entries) {
      const document = toTextKey(entry.documentId);
      this.#contents.replace(lease, document, { before: this.#slotsOf(lease, document), after: entry.slots });
      this.#connection.run(
        `INSERT OR REPLACE INTO entries (lease, document, scope, version, input_hash, state, seen_in, slots, failure)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        lease,
        document,
        toTextKey(entry.scope),
        toTextKey(entry.version),
        entry.inputHash,
        entry.state,
        toTextKey(entry.seenIn),
        JSON.stringify(entry.slots),
        entry.failure === undefined ? null : JSON.stringify([entry.failure.code, entry.failure.message]),
      );
    }
  }

  forget(lease: number, documentIds: readonly string[]): undefined {
    for (const document of documentIds.map(toTextKey)) {
      this.#contents.replace(lease, document, { before: this.#slotsOf(lease, document), after: [] });
      this.#connection.run("DELETE FROM entries WHERE lease = ? AND document = ?", lease, document);
    }
  }

  markSeen(lease: number, documentIds: readonly string[], seenIn: string): undefined {
    for (const id of documentIds) {
      this.#connection.run(
        "UPDATE entries SET seen_in = ? WHERE lease = ? AND document = ?",
        toTextKey(seenIn),
        lease,
        toTextKey(id),
      );
    }
  }

  /** One page, ordered by document id. */
  list(lease: number | undefined, query: Params<"listEntries">): readonly ManifestEntry[] {
    if (lease === undefined) return [];
    const { after, limit } = query;
    const { from, parameters } = chosen(lease, query, after);
    const rows = this.#connection.all(`SELECT * ${from} ORDER BY document LIMIT ?`, ...parameters, limit);
    return rows.map(toEntry);
  }

  count(lease: number | undefined, query: EntryQuery): number {
    if (lease === undefined) return 0;
    const { from, parameters } = chosen(lease, query);
    const row = this.#connection.get(`SELECT count(*) AS documents ${from}`, ...parameters);
    return integer(row ?? {}, "documents");
  }

  scopes(lease: number | undefined): readonly ManifestScope[] {
    if (lease === undefined) return [];
    return this.#connection
      .all("SELECT scope, count(*) AS documents FROM entries WHERE lease = ? GROUP BY scope", lease)
      .map((row) => ({ scope: fromTextKey(text(row, "scope")), documents: integer(row, "documents") }));
  }

  #slotsOf(lease: number, document: string): readonly ManifestSlot[] {
    const row = this.#connection.get(
      "SELECT slots FROM entries WHERE lease = ? AND document = ?",
      lease,
      document,
    );
    return row === undefined ? [] : parseSlots(row);
  }
}

/** The entries that meet a query's conditions, by the index that reads the fewest: SQLite does not see that by itself. */
function chosen(
  lease: number,
  { scope, notSeenIn, state }: EntryQuery,
  after?: string,
): { readonly from: string; readonly parameters: readonly (string | number)[] } {
  const conditions: readonly (readonly [condition: string, value: string | undefined])[] = [
    ["document > ?", after],
    ["scope = ?", scope],
    ["seen_in <> ?", notSeenIn],
    ["state = ?", state],
  ];
  const given = conditions.flatMap(([condition, value]) =>
    value === undefined ? [] : [{ condition, value: toTextKey(value) }],
  );
  const isUnsettled = state !== undefined && state !== "stored";
  const settledIndex = scope === undefined ? "" : "INDEXED BY entries_by_scope";
  const where = ["lease = ?", ...given.map(({ condition }) => condition)];
  if (isUnsettled) where.push("state <> 'stored'");
  return {
    from: `FROM entries ${isUnsettled ? "INDEXED BY entries_unsettled" : settledIndex} WHERE ${where.join(" AND ")}`,
    parameters: [lease, ...given.map(({ value }) => value)],
  };
}

function toEntry(row: Row): ManifestEntry {
  const failure = parseFailure(row);
  return {
    documentId: fromTextKey(text(row, "document")),
    scope: fromTextKey(text(row, "scope")),
    version: fromTextKey(text(row, "version")),
    inputHash: text(row, "input_hash"),
    state: toState(text(row, "state")),
    seenIn: fromTextKey(text(row, "seen_in")),
    slots: parseSlots(row),
    ...(failure && { failure }),
  };
}

function parseFailure(row: Row): ManifestEntry["failure"] {
  const stored = row["failure"];
  if (typeof stored !== "string") return undefined;
  const [code, message]: readonly unknown[] = JSON.parse(stored);
  if (typeof code === "string" && typeof message === "string") return { code, message };
  throw new TypeError(`a manifest entry has failure "${stored}"`);
}

function parseSlots(row: Row): readonly ManifestSlot[] {
  const slots: readonly ManifestSlot[] = JSON.parse(text(row, "slots"));
  return slots;
}

function toState(value: string): ManifestEntry["state"] {
  if (value === "writing" || value === "stored" || value === "removing" || value === "failed") return value;
  throw new TypeError(`a manifest entry has state "${value}"`);
}
