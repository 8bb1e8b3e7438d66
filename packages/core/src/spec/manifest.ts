import type { CallOptions, Closable } from "./call-options.ts";

/** Names one record of a manifest. There is one record for each tenant, source and collection. */
export interface ManifestRecordName {
  readonly sourceId: string;
  /** Name of the collection that the source is indexed into. A source has a separate record and lease for
   * each of its collections, so a new collection can be filled beside the old one. */
  readonly collection: string;
  /** {@link CollectionInfo.incarnation} of the collection. Entries of another incarnation are hidden, because
   * their points are gone. The session's first `put` deletes them. A session that records nothing changes
   * nothing. */
  readonly incarnation: string;
  readonly tenant?: string | undefined;
}

/** Parameters of {@link Manifest.open}. */
export interface ManifestBinding extends ManifestRecordName {
  /** The token of this session and of every later one is higher than this number. If the manifest was lost
   * and the clock was set back, its tokens are too low for the store. Pass {@link FencedError.highestToken}
   * then.
   * @default none */
  readonly tokenAbove?: number | undefined;
  /** Duration of the lease without renewal, in milliseconds. Sessions renew it by themselves. @default 30
   * 000 */
  readonly leaseMs?: number | undefined;
}

/**
 * A write-ahead log of the points that are written for each document of a source. After a crash it shows
 * which documents are only partly indexed. It may live apart from the store.
 */
export interface Manifest extends Closable {
  /** Takes the lease on a record. Rejects with code `lease_held`, which is `retryable`, while another live
   * session holds the lease. */
  open(binding: ManifestBinding, options?: CallOptions): Promise<ManifestSession>;
  /** Returns a view that reads a record without its lease, even while a session writes it. Each call on the
   * view sees the current entries. Does no I/O itself. */
  view(record: ManifestRecordName): ManifestView;
}

/** One slot of a document and the hash of its content. */
export interface ManifestSlot {
  readonly slot: number;
  readonly contentHash: string;
}

/** A document and slot that hold a content. */
export interface ManifestPlace extends ManifestSlot {
  readonly documentId: string;
}

/** The record of one document. */
export interface ManifestEntry {
  readonly documentId: string;
  /** The part of the source whose listing the document belongs to. */
  readonly scope: string;
  /** The source's version that was last indexed, is being indexed, or failed. */
  readonly version: string;
  /** Fingerprint of the ids of chunker, encoder and space. {@link ManifestSession.confirm} compares it. */
  readonly config: string;
  /** Fingerprint of the document and of the points that were written. The manifest only stores it. */
  readonly inputHash: string;
  /**
   * State of the document's points. `writing` and `removing`: the operation started and must be repeated,
   * because it may be half done. `stored`: the points match the slots. `failed`: this version cannot be
   * indexed with this configuration, and the slots are those of an earlier version. This union may grow: a
   * reader treats a state that it does not know as `writing`.
   */
  readonly state: "writing" | "stored" | "removing" | "failed";
  /** Why the document cannot be indexed. Only in state `failed`. */
  readonly failure?: { readonly code: string; readonly message: string } | undefined;
  /** The listing in which the source last showed the document. */
  readonly seenIn: string;
  /** The document's slots. In state `writing` they are the union of old and new slots, so that no point is
   * lost. */
  readonly slots: readonly ManifestSlot[];
}

/** A document as its source shows it. */
export interface ManifestShown {
  readonly documentId: string;
  readonly scope: string;
  readonly version: string;
}

/** Options of {@link ManifestSession.confirm}. */
export interface ManifestConfirmOptions extends CallOptions {
  /** The {@link ManifestEntry.config} that the entries must have. */
  readonly config: string;
  /** The listing that shows the documents. @default `seenIn` stays unchanged */
  readonly seenIn?: string | undefined;
}

/** Options of {@link ManifestSession.put}, recorded together with the entries. */
export interface ManifestPutOptions extends CallOptions {
  /** Checkpoints by scope. A value of undefined removes the scope's checkpoint. Other scopes keep theirs. */
  readonly resume?: ReadonlyMap<string, string | undefined> | undefined;
  /** {@link Collection.epoch} after the last acknowledged write of this session. */
  readonly epoch?: string | undefined;
}

/** Options of {@link ManifestView.list} and {@link ManifestView.count}. Entries must meet all given
 * conditions. */
export interface ManifestListOptions extends CallOptions {
  readonly scope?: string | undefined;
  /** Selects entries whose `seenIn` differs from this. */
  readonly notSeenIn?: string | undefined;
  readonly state?: ManifestEntry["state"] | undefined;
}

/** A scope and the number of its entries. */
export interface ManifestScope {
  readonly scope: string;
  readonly documents: number;
}

/** Reads the entries of one record. */
export interface ManifestView {
  /** Returns the entries in the order of the ids, and undefined for each missing entry. */
  get(documentIds: readonly string[], options?: CallOptions): Promise<readonly (ManifestEntry | undefined)[]>;
  /** Returns places of these contents in `stored` entries, in no order. Each content that exists has at least
   * one place and at most eight. The cost grows with the number of hashes, not with the number of entries. */
  find(contentHashes: readonly string[], options?: CallOptions): Promise<readonly ManifestPlace[]>;
  /** Yields entries ordered by the code points of their document ids. Half surrogate pairs and leading
   * quotation marks may sort differently. Entries may be put and forgotten during the loop. With `scope`, the
   * cost grows with that scope. */
  list(options?: ManifestListOptions): AsyncIterable<ManifestEntry>;
  /** Returns the number of entries that `list` would yield. With `scope`, the cost grows with that scope. */
  count(options?: ManifestListOptions): Promise<number>;
  /** Returns every scope that has entries, in no order. */
  scopes(options?: CallOptions): Promise<readonly ManifestScope[]>;
}

/** Reads and writes the entries of one record under a lease. Every method rejects with code `lease_lost` once
 * another session has the lease. */
export interface ManifestSession extends ManifestView, Closable {
  /** Fence token for the store. It grows with every lease on the record, even after the manifest was lost. */
  readonly token: number;
  /** True if nothing is recorded for this source, collection and incarnation. The caller must then read the
   * store to learn which points it holds. */
  readonly isNew: boolean;
  /** Time until which no other session can take the lease, in epoch milliseconds of this process's clock.
   * Grows with every renewal. */
  readonly expiresAt: number;
  /** The recorded checkpoints, by scope. */
  readonly resume: ReadonlyMap<string, string>;
  /** The `epoch` that was last put. If the collection has another epoch, another writer wrote to it, or it
   * was restored from an old copy. */
  readonly epoch?: string | undefined;
  /** Extends the lease now. The session also does so by itself. */
  renew(options?: CallOptions): Promise<void>;
  /** Inserts or replaces all of the entries, or none of them if it fails. They are durable afterwards, if the
   * manifest is. */
  put(entries: readonly ManifestEntry[], options?: ManifestPutOptions): Promise<void>;
  /** Removes entries. Missing entries are ignored. */
  forget(documentIds: readonly string[], options?: CallOptions): Promise<void>;
  /** Records that a listing showed documents whose entry is `stored` with the same scope, version and config.
   * Returns the number of slots of each such document, in the order of `shown`, and undefined for the others.
   * A sync calls it for every unchanged document, so a call must cost much less than `get`. */
  confirm(
    shown: readonly ManifestShown[],
    options: ManifestConfirmOptions,
  ): Promise<readonly (number | undefined)[]>;
  /** Records that a listing showed these documents. Cheaper than `put`. Unknown ids are ignored. */
  seen(documentIds: readonly string[], seenIn: string, options?: CallOptions): Promise<void>;
}
