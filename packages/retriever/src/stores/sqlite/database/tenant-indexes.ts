import { BinnacleError } from "@binnacle/core";
import { CollectionIndex } from "../../shared/collection-index.ts";
import { readMetadata } from "../point-json.ts";
import type { CollectionRow, Partition } from "./partition.ts";
import { bytes, integer, text, type Connection, type Row } from "./connection.ts";
import { EpochTable } from "./epoch-table.ts";
import type { RemovalTable } from "./removal-table.ts";
import { fromTextKey } from "./text-key.ts";
import { decodeDense, decodeSparse } from "./vector-blob.ts";

/** The payload of a hit. */
export interface PointKey {
  /** Row id in `points`. */
  readonly point: number;
  /** Estimate of the memory that this point takes. */
  readonly bytes: number;
}

interface Loaded {
  readonly index: CollectionIndex<PointKey>;
  /** The state of the partition that the index holds. */
  sequence: number;
  nonce: string;
  bytes: number;
}

// Map entries, object headers and typed array headers. On Node 24, 3 400 to 3 550 bytes per point were
// measured for 384 dimensions, 35 terms and 45 characters of metadata. Of these, 1 000 are neither numbers
// nor text.
const pointOverheadBytes = 1000;

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
  readonly #loaded = new Map<string, Loaded>();

  constructor(connection: Connection, removals: RemovalTable, maxBytes: number) {
    this.#connection = connection;
    this.#removals = removals;
    this.#epochs = new EpochTable(connection);
    this.#maxBytes = maxBytes;
  }

  /** Returns the index as of the current transaction. Throws with code `index_too_large` if it alone
   * exceeds the limit. */
  current(partition: Partition): CollectionIndex<PointKey> {
    const { collection, sequence, nonce } = partition;
    const key = keyOf(partition);
    const known = this.#loaded.get(key);
    this.#loaded.delete(key); // added again as the most recently used, or not at all if catching up fails
    const loaded = known && this.#isUsable(known, partition) ? known : emptyIndex(collection);
    if (loaded.sequence !== sequence) this.#catchUp(loaded, partition);
    loaded.nonce = nonce;
    // An index without points is not remembered, so that reads cannot fill the memory.
    if (loaded.index.size > 0) this.#loaded.set(key, loaded);
    return loaded.index;
  }

  /** Drops an index that differs from the file. */
  forget(partition: Partition): void {
    this.#loaded.delete(keyOf(partition));
  }

  #isUsable(loaded: Loaded, partition: Partition): boolean {
    const { sequence, nonce, forgotten } = partition;
    if (loaded.sequence === sequence) return loaded.nonce === nonce;
    return loaded.sequence >= forgotten && this.#epochs.has(partition, loaded);
  }

  #catchUp(loaded: Loaded, partition: Partition): void {
    const { collection, tenant, sequence } = partition;
    if (loaded.sequence >= 0) {
      for (const id of this.#removals.since(partition, loaded.sequence)) remove(loaded, id);
    }
    const written = this.#connection.iterate(
      `SELECT point, id, version, source, document, chunk_index, metadata, dense, sparse
       FROM points JOIN vectors USING (point) WHERE collection = ? AND tenant = ? AND sequence > ?`,
      collection.key,
      tenant,
      loaded.sequence,
    );
    for (const row of written) {
      put(loaded, row, collection);
      if (loaded.bytes > this.#maxBytes) throw tooLarge(collection.spec.name, this.#maxBytes);
    }
    loaded.sequence = sequence;
    this.#evict(this.#maxBytes - loaded.bytes);
  }

  #evict(allowedBytes: number): void {
    let total = 0;
    for (const { bytes } of this.#loaded.values()) total += bytes;
    for (const [key, { bytes }] of this.#loaded) {
      if (total <= allowedBytes) return;
      this.#loaded.delete(key);
      total -= bytes;
    }
  }
}

function emptyIndex({ spec }: CollectionRow): Loaded {
  const index = new CollectionIndex<PointKey>(spec, { inWorker: true });
  return { index, sequence: -1, nonce: "", bytes: 0 };
}

function keyOf({ collection, tenant }: Partition): string {
  return `${collection.key}:${tenant}`;
}

function put(loaded: Loaded, row: Row, { spec }: CollectionRow): void {
  const id = text(row, "id");
  const dense = bytes(row, "dense");
  const sparse = bytes(row, "sparse");
  const metadataText = text(row, "metadata");
  const metadata = readMetadata(metadataText);
  const size =
    pointOverheadBytes + (dense?.length ?? 0) + 3 * (sparse?.length ?? 0) + 2 * metadataText.length;
  remove(loaded, id);
  loaded.index.put(
    {
      id,
      version: integer(row, "version"),
      sourceId: fromTextKey(text(row, "source")),
      documentId: fromTextKey(text(row, "document")),
      index: integer(row, "chunk_index"),
      metadata,
      payload: { point: integer(row, "point"), bytes: size },
    },
    {
      dense: dense && decodeDense(dense),
      sparse: spec.sparse && decodeSparse(sparse),
    },
  );
  loaded.bytes += size;
}

function remove(loaded: Loaded, id: string): void {
  loaded.bytes -= loaded.index.get(id)?.payload.bytes ?? 0;
  loaded.index.remove(id);
}

function tooLarge(collection: string, maxBytes: number): BinnacleError {
  return new BinnacleError(
    "index_too_large",
    `Searching collection "${collection}" takes more than maxIndexBytes (${maxBytes}) of memory. Raise it, split the collection by tenant, or use a vector server.`,
  );
}
