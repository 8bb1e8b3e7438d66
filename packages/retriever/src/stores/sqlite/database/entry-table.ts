import type { ManifestEntry, ManifestPlace, ManifestSlot } from "@binnacle/core";
import type { Params } from "../channel/requests.ts";
import { text, type Connection, type Row } from "./connection.ts";
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

  get(lease: number, documentIds: readonly string[]): readonly (ManifestEntry | undefined)[] {
    return documentIds.map((id) => {
      const row = this.#connection.get(
        "SELECT * FROM entries WHERE lease = ? AND document = ?",
        lease,
        toTextKey(id),
      );
      return row && toEntry(row);
    });
  }

  find(lease: number, contentHashes: readonly string[]): readonly ManifestPlace[] {
    return this.#contents.find(lease, contentHashes);
  }

  put(lease: number, entries: readonly ManifestEntry[]): void {
    for (const entry of entries) {
      const document = toTextKey(entry.documentId);
      this.#contents.replace(lease, document, { before: this.#slotsOf(lease, document), after: entry.slots });
      this.#connection.run(
        `INSERT OR REPLACE INTO entries (lease, document, scope, version, input_hash, state, seen_in, slots)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        lease,
        document,
        toTextKey(entry.scope),
        toTextKey(entry.version),
        entry.inputHash,
        entry.state,
        toTextKey(entry.seenIn),
        JSON.stringify(entry.slots),
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
  list({ lease, after, limit, scope, notSeenIn, state }: Params<"listEntries">): readonly ManifestEntry[] {
    const conditions: readonly (readonly [condition: string, value: string | undefined])[] = [
      ["document > ?", after],
      ["scope = ?", scope],
      ["seen_in <> ?", notSeenIn],
      ["state = ?", state],
    ];
    const given = conditions.flatMap(([condition, value]) =>
      value === undefined ? [] : [{ condition, value: toTextKey(value) }],
    );
    const where = ["lease = ?", ...given.map(({ condition }) => condition)].join(" AND ");
    // SQLite does not see by itself that the few entries of the partial index are all there can be.
    const isSettled = state === undefined || state === "stored";
    const from = isSettled ? "entries" : "entries INDEXED BY entries_unsettled";
    const rest = isSettled ? "" : "AND state <> 'stored'";
    const rows = this.#connection.all(
      `SELECT * FROM ${from} WHERE ${where} ${rest} ORDER BY document LIMIT ?`,
      lease,
      ...given.map(({ value }) => value),
      limit,
    );
    return rows.map(toEntry);
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

function toEntry(row: Row): ManifestEntry {
  return {
    documentId: fromTextKey(text(row, "document")),
    scope: fromTextKey(text(row, "scope")),
    version: fromTextKey(text(row, "version")),
    inputHash: text(row, "input_hash"),
    state: toState(text(row, "state")),
    seenIn: fromTextKey(text(row, "seen_in")),
    slots: parseSlots(row),
  };
}

function parseSlots(row: Row): readonly ManifestSlot[] {
  const slots: readonly ManifestSlot[] = JSON.parse(text(row, "slots"));
  return slots;
}

function toState(value: string): ManifestEntry["state"] {
  if (value === "writing" || value === "stored" || value === "removing") return value;
  throw new TypeError(`a manifest entry has state "${value}"`);
}
