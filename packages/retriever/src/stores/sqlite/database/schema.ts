/** Marks a file as ours: "Bnnc" in ASCII, in the header field that SQLite reserves for this. */
export const applicationId = 0x426e6e63;

/** Version of the tables below, in the file's `user_version`. A change to them needs a migration and a higher
 * number. Numbers 7 and 8 were never released: each names several layouts. */
export const schemaVersion = 9;

/**
 * A partition is one tenant of one collection; an unbound handle's tenant is "". Its `sequence` counts the calls that
 * changed it, and every point carries the one that wrote it, so that an in-memory index catches up by reading what is
 * newer. With `nonce`, random in every such call, it is the epoch: a file that was put back and then written equally
 * often counts the same, but never draws the same. `epochs` keeps the latest of these pairs: an index whose own is not
 * among them has another past, and is read anew. `removals` is what `sequence` is to points, for deleted ones; it is cut
 * from time to time, and `forgotten` says up to where.
 *
 * `partitions.unfenced` names the sequence and nonce of the last call without a fence, `fences.written` those of the last
 * call with a source's fence: together they are the source's epoch. Vectors have a table of their own, so that a patch does not rewrite them.
 *
 * A lease is one source's record for one collection, by its name; the manifest may be another store's, so that it need not
 * be one of `collections`. It is "" where a release before version 4 wrote the record, until it is opened again. `contents`
 * says of each content in which slots of which entries it stands.
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
