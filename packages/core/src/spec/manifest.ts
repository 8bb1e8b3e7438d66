import type { CallOptions, Closable } from "./call-options.ts";

/** Names one record of a manifest: there is one per tenant, source and collection. */
export interface ManifestRecordName {
  readonly sourceId: string;
  /** Name of the collection that the source is indexed into. Collections fed by one source have a record and a lease each,
   * so that a new one can be filled beside the old one. */
  readonly collection: string;
  /** {@link CollectionInfo.incarnation}. What was recorded for another incarnation is not shown, because its points are
   * gone; the session's first `put` discards it. A session that records nothing changes nothing. */
  readonly incarnation: string;
  readonly tenant?: string | undefined;
}

/** How a session is opened. */
export interface ManifestBinding extends ManifestRecordName {
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
  /** Reads a record without its lease, also while a session writes it: every call sees what is recorded by then. No I/O. */
  view(record: ManifestRecordName): ManifestView;
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
  /** The source's version that was last indexed, was being indexed, or failed. */
  readonly version: string;
  /** What the points were made with: the ids of chunker, tokenizer, encoder and space. */
  readonly config: string;
  /** What the points were made from: text, title, metadata. */
  readonly inputHash: string;
  /**
   * `writing` and `removing`: begun, maybe half done, to be redone. `stored`: every point is as the slots say. `failed`:
   * this version cannot be indexed with this configuration, and the slots hold what an earlier version left. New states
   * may be added: a reader treats a state it does not know as `writing`.
   */
  readonly state: "writing" | "stored" | "removing" | "failed";
  /** While `failed`: why. */
  readonly failure?: { readonly code: string; readonly message: string } | undefined;
  /** The listing in which the source last showed it. */
  readonly seenIn: string;
  /** While `writing`: the union of old and new slots, so that nothing is forgotten. */
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
  /** {@link ManifestEntry.config} */
  readonly config: string;
  /** The listing that shows the documents, if any. @default `seenIn` stays */
  readonly seenIn?: string | undefined;
}

/** What {@link ManifestSession.put} may record beside entries. */
export interface ManifestPutOptions extends CallOptions {
  /** Where the source can resume, by scope; recorded together with the entries. Undefined removes a scope's checkpoint,
   * and scopes that are not named keep theirs. */
  readonly resume?: ReadonlyMap<string, string | undefined> | undefined;
  /** {@link Collection.epoch} after the last acknowledged write of this session. */
  readonly epoch?: string | undefined;
}

/** Options of {@link ManifestView.list} and {@link ManifestView.count}. All conditions that are given must hold. */
export interface ManifestListOptions extends CallOptions {
  readonly scope?: string | undefined;
  /** Only entries with another `seenIn`. */
  readonly notSeenIn?: string | undefined;
  readonly state?: ManifestEntry["state"] | undefined;
}

/** A scope and how many entries it has. */
export interface ManifestScope {
  readonly scope: string;
  readonly documents: number;
}

/** Reads one source's entries for one collection. */
export interface ManifestView {
  /** Entries in the order asked; undefined for those that are not there. */
  get(documentIds: readonly string[], options?: CallOptions): Promise<readonly (ManifestEntry | undefined)[]>;
  /** Places of these contents in entries that are `stored`: at least one place and at most eight of each content that is
   * anywhere, in no order. The cost grows with what is asked, not with what is recorded. */
  find(contentHashes: readonly string[], options?: CallOptions): Promise<readonly ManifestPlace[]>;
  /** Ordered by document id, code point by code point (the order of half surrogate pairs and of a leading quotation mark
   * is left open); entries may be put and forgotten while it runs. With `scope` the cost grows with that scope. */
  list(options?: ManifestListOptions): AsyncIterable<ManifestEntry>;
  /** How many entries `list` would yield. With `scope` the cost grows with that scope. */
  count(options?: ManifestListOptions): Promise<number>;
  /** Every scope that has entries, in no order. */
  scopes(options?: CallOptions): Promise<readonly ManifestScope[]>;
}

/** A leased, fenced view of one source's entries for one collection. Every method rejects with code `lease_lost` once
 * another session has the lease. */
export interface ManifestSession extends ManifestView, Closable {
  /** Grows with every lease on the record, also after the manifest was lost; pass it to the store as a fence. */
  readonly token: number;
  /** True: nothing is recorded for this source, collection and incarnation, so the store must be asked what it holds. */
  readonly isNew: boolean;
  /** Until when no other session can have taken the lease, epoch milliseconds of this process's own clock. Grows with
   * every renewal. */
  readonly expiresAt: number;
  /** The checkpoints that are recorded, by scope. */
  readonly resume: ReadonlyMap<string, string>;
  /** The `epoch` that was last put. A collection with another epoch was written by somebody else, or restored from an old
   * copy. */
  readonly epoch?: string | undefined;
  /** Prolongs the lease now, as the session also does by itself. */
  renew(options?: CallOptions): Promise<void>;
  /** Inserts or replaces entries, all or none. Durable when it resolves, if the manifest is. */
  put(entries: readonly ManifestEntry[], options?: ManifestPutOptions): Promise<void>;
  /** Removes entries; those that are not there do not matter. */
  forget(documentIds: readonly string[], options?: CallOptions): Promise<void>;
  /** Notes that a listing showed those of the documents whose entry is `stored` and has their scope, their version and the
   * config. Resolves, in the order asked, with how many slots each of these has, and undefined for the others. A source
   * that is listed again asks this of each document, so it must cost much less than `get`. */
  confirm(
    shown: readonly ManifestShown[],
    options: ManifestConfirmOptions,
  ): Promise<readonly (number | undefined)[]>;
  /** Notes that a listing showed these documents. Cheaper than `put`; unknown ids do not matter. */
  seen(documentIds: readonly string[], seenIn: string, options?: CallOptions): Promise<void>;
}
