import type { ManifestEntry, ManifestPlace, ManifestScope, ManifestSlot } from "@binnacle/core";
import type { EntryQuery, Params } from "../channel/requests.ts";
import { integer, text, type Connection, type Row } from "./connection.ts";
import { ContentTable } from "./content-table.ts";
import { SeenTable } from "./seen-table.ts";
import { fromTextKey, toTextKey } from "./text-key.ts";

/** The entries of the documents of each source. Runs inside transactions that have checked the lease. */
export class EntryTable {
  readonly #connection: Connection;
  readonly #contents: ContentTable;
  readonly #seen: SeenTable;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#contents = new ContentTable(connection);
    this.#seen = new SeenTable(connection);
  }

  get(lease: number | undefined, documentIds: readonly string[]): readonly (ManifestEntry | undefined)[] {
    return documentIds.map((id) => {
      if (lease === undefined) return undefined;
      const row = this.#connection.get(
        `SELECT * FROM entries CROSS JOIN seen USING (lease, scope, document) WHERE lease = ? AND document = ?`,
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
      const [document, scope] = [toTextKey(entry.documentId), toTextKey(entry.scope)];
      const before = this.#before(lease, document);
      if (before !== undefined && before.scope !== scope)
        this.#seen.delete({ lease, document, scope: before.scope });
      this.#seen.put({ lease, scope, document }, toTextKey(entry.seenIn));
      this.#contents.replace(lease, document, { before: before?.slots ?? [], after: entry.slots });
      this.#connection.run(
        `INSERT OR REPLACE INTO entries (lease, document, scope, version, config, input_hash, state, slots, failure)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        lease,
        document,
        scope,
        toTextKey(entry.version),
        entry.config,
        entry.inputHash,
        entry.state,
        JSON.stringify(entry.slots),
        entry.failure === undefined ? null : JSON.stringify([entry.failure.code, entry.failure.message]),
      );
    }
  }

  forget(lease: number, documentIds: readonly string[]): undefined {
    for (const document of documentIds.map(toTextKey)) {
      const before = this.#before(lease, document);
      if (before === undefined) continue;
      this.#seen.delete({ lease, document, scope: before.scope });
      this.#contents.replace(lease, document, { before: before.slots, after: [] });
      this.#connection.run("DELETE FROM entries WHERE lease = ? AND document = ?", lease, document);
    }
  }

  markSeen(lease: number, documentIds: readonly string[], seenIn: string): undefined {
    for (const document of documentIds.map(toTextKey)) {
      const before = this.#before(lease, document);
      if (before !== undefined) this.#seen.put({ lease, document, scope: before.scope }, toTextKey(seenIn));
    }
  }

  confirm({ lease, ids, scopes, versions, config, seenIn }: Params<"confirmEntries">): Int32Array {
    return Int32Array.from(ids, (id, position) => {
      const [document, scope] = [toTextKey(id), toTextKey(scopes[position] ?? "")];
      const row = this.#connection.get(
        `SELECT json_array_length(slots) AS slots FROM entries
         WHERE lease = ? AND document = ? AND scope = ? AND version = ? AND config = ? AND state = 'stored'`,
        lease,
        document,
        scope,
        toTextKey(versions[position] ?? ""),
        config,
      );
      if (row === undefined) return -1;
      if (seenIn !== undefined) this.#seen.put({ lease, scope, document }, toTextKey(seenIn));
      return integer(row, "slots");
    });
  }

  /** Returns one page, ordered by document id. */
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
    return lease === undefined ? [] : this.#seen.scopes(lease);
  }

  #before(
    lease: number,
    document: string,
  ): { readonly scope: string; readonly slots: readonly ManifestSlot[] } | undefined {
    const sql = "SELECT scope, slots FROM entries WHERE lease = ? AND document = ?";
    const row = this.#connection.get(sql, lease, document);
    return row && { scope: text(row, "scope"), slots: parseSlots(row) };
  }
}

/** Returns the conditions and the table for a query. SQLite does not choose the table and index that read
 * the fewest rows by itself. */
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
  const where = ["lease = ?", ...given.map(({ condition }) => condition)];
  const isUnsettled = state !== undefined && state !== "stored";
  if (isUnsettled) where.push("state <> 'stored'");
  return {
    from: `FROM ${tablesFor(scope, isUnsettled)} USING (lease, scope, document) WHERE ${where.join(" AND ")}`,
    parameters: [lease, ...given.map(({ value }) => value)],
  };
}

function tablesFor(scope: string | undefined, isUnsettled: boolean): string {
  if (isUnsettled) return "entries INDEXED BY entries_unsettled CROSS JOIN seen";
  return scope === undefined ? "entries CROSS JOIN seen" : "seen CROSS JOIN entries";
}

function toEntry(row: Row): ManifestEntry {
  const failure = parseFailure(row);
  return {
    documentId: fromTextKey(text(row, "document")),
    scope: fromTextKey(text(row, "scope")),
    version: fromTextKey(text(row, "version")),
    config: text(row, "config"),
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
  throw new TypeError(`A manifest entry has the invalid failure "${stored}".`);
}

function parseSlots(row: Row): readonly ManifestSlot[] {
  const slots: readonly ManifestSlot[] = JSON.parse(text(row, "slots"));
  return slots;
}

function toState(value: string): ManifestEntry["state"] {
  if (value === "writing" || value === "stored" || value === "removing" || value === "failed") return value;
  throw new TypeError(`A manifest entry has the invalid state "${value}".`);
}
