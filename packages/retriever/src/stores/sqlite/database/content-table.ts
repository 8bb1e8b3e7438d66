import type { ManifestPlace, ManifestSlot } from "@binnacle/core";
import { maxPlaces } from "../../../manifests/shared/max-places.ts";
import { fromTextKey, toTextKey } from "./text-key.ts";
import { integer, text, type Connection } from "./connection.ts";

/** The documents of a manifest that have a content. This is the reverse of {@link EntryTable}'s slots. */
export class ContentTable {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Returns some of the places of each content, in entries that are stored. */
  find(lease: number, contentHashes: readonly string[]): readonly ManifestPlace[] {
    return this.#known(lease, new Set(contentHashes.map(toTextKey))).flatMap((hash) =>
      this.#connection
        .all(
          `SELECT document, slot FROM contents JOIN entries USING (lease, document)
           WHERE lease = ? AND hash = ? AND state = 'stored' LIMIT ?`,
          lease,
          hash,
          maxPlaces,
        )
        .map((row) => ({
          contentHash: fromTextKey(hash),
          documentId: fromTextKey(text(row, "document")),
          slot: integer(row, "slot"),
        })),
    );
  }

  /** Returns the contents that have a place. New documents have none, and are then one query. */
  #known(lease: number, hashes: ReadonlySet<string>): readonly string[] {
    const sql = `SELECT value AS hash FROM json_each(?)
      WHERE EXISTS (SELECT 1 FROM contents WHERE lease = ? AND hash = value)`;
    return this.#connection.all(sql, JSON.stringify([...hashes]), lease).map((row) => text(row, "hash"));
  }

  /** Records the new slots of a document, which is given by its text key. */
  replace(
    lease: number,
    document: string,
    { before, after }: { readonly before: readonly ManifestSlot[]; readonly after: readonly ManifestSlot[] },
  ): void {
    const [old, now] = [before, after].map((slots) => new Set(slots.map(keyOf)));
    for (const slot of before) if (now?.has(keyOf(slot)) === false) this.#delete(lease, document, slot);
    for (const slot of after) if (old?.has(keyOf(slot)) === false) this.#insert(lease, document, slot);
  }

  #insert(lease: number, document: string, { slot, contentHash }: ManifestSlot): void {
    this.#connection.run(
      "INSERT OR IGNORE INTO contents (lease, hash, document, slot) VALUES (?, ?, ?, ?)",
      lease,
      toTextKey(contentHash),
      document,
      slot,
    );
  }

  #delete(lease: number, document: string, { slot, contentHash }: ManifestSlot): void {
    this.#connection.run(
      "DELETE FROM contents WHERE lease = ? AND hash = ? AND document = ? AND slot = ?",
      lease,
      toTextKey(contentHash),
      document,
      slot,
    );
  }
}

function keyOf({ slot, contentHash }: ManifestSlot): string {
  return `${slot} ${contentHash}`;
}
