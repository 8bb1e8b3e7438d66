/** Marks a file as ours: "Bnnc" in ASCII, in the header field that SQLite reserves for this purpose. */
export const applicationId = 0x426e6e63;

/** Version of the tables below, in the file's `user_version`. A change to them needs a migration and a higher
 * number. Numbers 7 and 8 were never released: each names several layouts. */
export const schemaVersion = 9;

/**
 * A partition is one tenant of one collection. The tenant of an unbound handle is "". `sequence` counts the
 * calls that changed the partition. Every point has the sequence of its last write, so an in-memory index
 * catches up by reading newer points. Sequence and `nonce` together are the epoch. The nonce is random in
 * each such call, so a restored file that is then written equally often has another epoch. `epochs` keeps the
 * latest of these pairs. An index with another pair has another history, and is rebuilt. `removals` holds the
 * ids and sequences of deleted points. Old removals are deleted, and `forgotten` is the highest deleted
 * sequence.
 *
 * `partitions.unfenced` is the sequence and nonce of the last unfenced call. `fences.written` is that of the
 * source's last fenced call. Together they are the source's epoch. Vectors have their own table, so that a
 * patch does not rewrite them.
 *
 * A lease is one source's record for one collection, by the collection's name. The collection may be in
 * another store, so it need not be in `collections`. The name is "" if a release before version 4 wrote the
 * record, until it is opened again. `contents` holds the entries and slots that have a content.
 */
export const schema = `
CREATE TABLE collections (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  spec TEXT NOT NULL,
  incarnation TEXT NOT NULL
) STRICT;
CREATE TABLE aliases (
  name TEXT PRIMARY KEY,
  collection INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE partitions (
  collection INTEGER NOT NULL,
  tenant TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  forgotten INTEGER NOT NULL,
  nonce TEXT NOT NULL DEFAULT '',
  unfenced TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (collection, tenant)
) STRICT, WITHOUT ROWID;
CREATE TABLE epochs (
  collection INTEGER NOT NULL,
  tenant TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  nonce TEXT NOT NULL,
  PRIMARY KEY (collection, tenant, sequence)
) STRICT, WITHOUT ROWID;
CREATE TABLE points (
  point INTEGER PRIMARY KEY,
  collection INTEGER NOT NULL,
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  source TEXT NOT NULL,
  document TEXT NOT NULL,
  chunk TEXT NOT NULL,
  metadata TEXT NOT NULL,
  chunk_index INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX points_by_id ON points (collection, tenant, id);
CREATE INDEX points_by_document ON points (collection, tenant, source, document, chunk_index);
CREATE INDEX points_by_sequence ON points (collection, tenant, sequence);
CREATE TABLE vectors (
  point INTEGER PRIMARY KEY,
  dense BLOB,
  sparse BLOB
) STRICT;
CREATE TABLE removals (
  collection INTEGER NOT NULL,
  tenant TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  id TEXT NOT NULL
) STRICT;
CREATE INDEX removals_by_sequence ON removals (collection, tenant, sequence);
CREATE TABLE fences (
  collection INTEGER NOT NULL,
  tenant TEXT NOT NULL,
  source TEXT NOT NULL,
  token INTEGER NOT NULL,
  written TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (collection, tenant, source)
) STRICT, WITHOUT ROWID;
CREATE TABLE leases (
  lease INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  source TEXT NOT NULL,
  collection TEXT NOT NULL,
  token INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  incarnation TEXT NOT NULL,
  epoch TEXT,
  holder TEXT,
  UNIQUE (tenant, source, collection)
) STRICT;
CREATE TABLE checkpoints (
  lease INTEGER NOT NULL,
  scope TEXT NOT NULL,
  resume TEXT NOT NULL,
  PRIMARY KEY (lease, scope)
) STRICT, WITHOUT ROWID;
CREATE TABLE entries (
  lease INTEGER NOT NULL,
  document TEXT NOT NULL,
  scope TEXT NOT NULL,
  version TEXT NOT NULL,
  input_hash TEXT NOT NULL,
  state TEXT NOT NULL,
  slots TEXT NOT NULL,
  failure TEXT,
  config TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (lease, document)
) STRICT, WITHOUT ROWID;
CREATE TABLE seen (
  lease INTEGER NOT NULL,
  scope TEXT NOT NULL,
  document TEXT NOT NULL,
  seen_in TEXT NOT NULL,
  PRIMARY KEY (lease, scope, document)
) STRICT, WITHOUT ROWID;
CREATE INDEX entries_unsettled ON entries (lease, state, document) WHERE state <> 'stored';
CREATE TABLE contents (
  lease INTEGER NOT NULL,
  hash TEXT NOT NULL,
  document TEXT NOT NULL,
  slot INTEGER NOT NULL,
  PRIMARY KEY (lease, hash, document, slot)
) STRICT, WITHOUT ROWID;
`;
