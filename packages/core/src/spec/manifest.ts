import type { CallOptions, Closable } from "./call-options.ts";

/** Which record a manifest session reads and writes: there is one per tenant, source and collection. */
export interface ManifestBinding {
  readonly sourceId: string;
  /** Name of the collection that the source is indexed into. Collections fed by one source have a record and a lease each,
   * so that a new one can be filled beside the old one. */
  readonly collection: string;
  /** {@link CollectionInfo.incarnation}. What was recorded for another incarnation is not shown, because the points it
   * speaks of are gone; the session's first `put` discards it. A session that records nothing changes nothing. */
  readonly incarnation: string;
  readonly tenant?: string | undefined;
  /** The session's token, and every later one, is higher than this. For a store that has seen a higher one than the
   * manifest would give ({@link FencedError.highestToken}), because the manifest was lost and the clock set back.
   * @default none */
  readonly tokenAbove?: number | undefined;
  /** How long the lease lasts without being renewed. Sessions renew themselves. @default 30 000 */
  readonly leaseMs?: number | undefined;
}

/**
 * Remembers what was written for each document of a source: a write-ahead log, so that no crash leaves a document
 * half-indexed and believed whole. It may live apart from the store.
 */
export interface Manifest extends Closable {
  /** Takes the lease on the source's record for the collection. While another live session holds it: rejects with code
   * `lease_held`, `retryable`. */
  open(binding: ManifestBinding, options?: CallOptions): Promise<ManifestSession>;
}

/** One slot of a document and what is in it. */
export interface ManifestSlot {
  readonly slot: number;
  readonly contentHash: string;
}

/** Where a content stands. */
export interface ManifestPlace extends ManifestSlot {
  readonly documentId: string;
}

/** What is known of one document. */
export interface ManifestEntry {
  readonly documentId: string;
  /** The part of the source whose listing the document belongs to. */
  readonly scope: string;
  /** The source's version that was last indexed, or was being indexed. */
  readonly version: string;
  /** Everything the points were made from and with: text, title, metadata, and the ids of chunker, tokenizer, encoder
   * and space. */
  readonly inputHash: string;
  /** `writing` and `removing`: begun, maybe half done, to be redone. `stored`: every point is as the slots say. */
  readonly state: "writing" | "stored" | "removing";
  /** The listing in which the source last showed it. */
  readonly seenIn: string;
  /** While `writing`: the union of old and new slots, so that nothing is forgotten. */
  readonly slots: readonly ManifestSlot[];
}

/** What {@link ManifestSession.put} may record beside entries. */
export interface ManifestPutOptions extends CallOptions {
  /** Where the source can resume; recorded together with the entries. */
  readonly resume?: string | undefined;
  /** {@link Collection.epoch} after the last acknowledged write of this session. */
  readonly epoch?: string | undefined;
}

/** Options of {@link ManifestSession.list}. All that are given must hold. */
export interface ManifestListOptions extends CallOptions {
  readonly scope?: string | undefined;
  /** Only entries whose `seenIn` is another. */
  readonly notSeenIn?: string | undefined;
  readonly state?: ManifestEntry["state"] | undefined;
}

/** A leased, fenced view of one source's entries for one collection. Every method rejects with code `lease_lost` once the lease is gone. */
export interface ManifestSession extends Closable {
  /** Grows with every lease on the record, also after the manifest was lost; hand it to the store as a fence. */
  readonly token: number;
  /** True: nothing is recorded for this source, collection and incarnation, so the store must be asked what it holds. */
  readonly isNew: boolean;
  /** What was last put as `resume`. */
  readonly resume?: string | undefined;
  /** What was last put as `epoch`. Another epoch in the collection means that somebody else wrote, or that an old
   * copy was restored. */
  readonly epoch?: string | undefined;
  /** Entries in the order asked; undefined for those that are not there. */
  get(documentIds: readonly string[], options?: CallOptions): Promise<readonly (ManifestEntry | undefined)[]>;
  /** Where contents stand, by their hashes, in entries that are `stored`: of each that stands anywhere one place at least
   * and eight at most, whichever, so that a line which every document holds costs no more than another. In no order. Its
   * cost grows with what is asked, not with what is recorded. */
  find(contentHashes: readonly string[], options?: CallOptions): Promise<readonly ManifestPlace[]>;
  /** Inserts or replaces entries, all or none. Durable when it resolves, where the manifest is. */
  put(entries: readonly ManifestEntry[], options?: ManifestPutOptions): Promise<void>;
  /** Removes entries; those that are not there do not matter. */
  forget(documentIds: readonly string[], options?: CallOptions): Promise<void>;
  /** Notes that a listing showed these documents unchanged. Cheaper than `put`; unknown ids do not matter. */
  seen(documentIds: readonly string[], seenIn: string, options?: CallOptions): Promise<void>;
  /** Ordered by document id, code point by code point (where half of a surrogate pair or a leading quotation mark stands is
   * left open); entries may be put and forgotten while it runs. */
  list(options?: ManifestListOptions): AsyncIterable<ManifestEntry>;
}
