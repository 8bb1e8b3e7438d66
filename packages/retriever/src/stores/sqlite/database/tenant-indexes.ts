import { BinnacleError } from "@binnacle/core";
import type { CollectionIndex } from "../../shared/collection-index.ts";
import type { Connection } from "./connection.ts";
import { EpochTable } from "./epoch-table.ts";
import type { Partition } from "./partition.ts";
import type { RemovalTable } from "./removal-table.ts";
import { TenantIndex, type IndexedRow } from "./tenant-index.ts";

/**
 * The search indexes of tenants. They are read from the file on first use. If memory is short, the least
 * recently used one is dropped. An index catches up with all writes, also of other processes, by reading
 * points with a higher sequence. An index whose state the file does not know is rebuilt, because the file was
 * restored and possibly written since. Then more than the newer points may differ.
 */
export class TenantIndexes {
  readonly #connection: Connection;
  readonly #removals: RemovalTable;
  readonly #epochs: EpochTable;
  readonly #maxBytes: number;
  readonly #loaded = new Map<string, TenantIndex>();

  constructor(connection: Connection, removals: RemovalTable, maxBytes: number) {
    this.#connection = connection;
    this.#removals = removals;
    this.#epochs = new EpochTable(connection);
    this.#maxBytes = maxBytes;
  }

  /**
   * Returns the index as of the current transaction, with its terms if asked. Throws with code `index_too_large`
   * if it alone exceeds the limit.
   */
  current(partition: Partition, { terms }: { readonly terms: boolean }): CollectionIndex<IndexedRow> {
    const key = keyOf(partition);
    const known = this.#loaded.get(key);
    this.#loaded.delete(key); // added again as the most recently used, or not at all if reading fails
    const loaded = known && this.#isUsable(known, partition) ? known : this.#emptyIndex(partition);
    if (loaded.sequence !== partition.sequence) loaded.catchUp(partition, this.#removals);
    if (terms) loaded.readTerms();
    loaded.nonce = partition.nonce;
    // An index without points is not remembered, so that reads cannot fill the memory.
    if (loaded.index.size > 0) this.#loaded.set(key, loaded);
    return loaded.index;
  }

  /** Drops an index that differs from the file. */
  forget(partition: Partition): void {
    this.#loaded.delete(keyOf(partition));
  }

  #isUsable(loaded: TenantIndex, partition: Partition): boolean {
    const { sequence, nonce, forgotten } = partition;
    if (loaded.sequence === sequence) return loaded.nonce === nonce;
    return loaded.sequence >= forgotten && this.#epochs.has(partition, loaded);
  }

  #emptyIndex(partition: Partition): TenantIndex {
    return new TenantIndex(this.#connection, partition, (index) => {
      if (index.bytes > this.#maxBytes) {
        this.forget(partition);
        throw tooLarge(partition.collection.spec.name, this.#maxBytes);
      }
      this.#makeRoom(index);
    });
  }

  #makeRoom(growing: TenantIndex): void {
    let total = growing.bytes;
    for (const index of this.#loaded.values()) if (index !== growing) total += index.bytes;
    for (const [key, index] of this.#loaded) {
      if (total <= this.#maxBytes) return;
      if (index === growing) continue;
      this.#loaded.delete(key);
      total -= index.bytes;
    }
  }
}

function keyOf({ collection, tenant }: Partition): string {
  return `${collection.key}:${tenant}`;
}

function tooLarge(collection: string, maxBytes: number): BinnacleError {
  return new BinnacleError(
    "index_too_large",
    `Searching collection "${collection}" takes more than maxIndexBytes (${maxBytes}) of memory. Raise it, split the collection by tenant, or use a vector server.`,
  );
}
