/** Marks a file as ours: "Bnnc" in ASCII, in the header field that SQLite reserves for this. */
export const applicationId = 0x426e6e63;

/** Version of the tables below, in the file's `user_version`. A change to them needs a migration and a higher number. */
export const schemaVersion = 8;

/** Each source has an epoch of its own, and points know which chunk of their document they are. */
const sourceEpochs = `
  ALTER TABLE partitions ADD COLUMN unfenced TEXT NOT NULL DEFAULT '';
  ALTER TABLE fences ADD COLUMN written TEXT NOT NULL DEFAULT '';
  ALTER TABLE points ADD COLUMN chunk_index INTEGER NOT NULL DEFAULT 0;
  UPDATE points SET chunk_index = json_extract(chunk, '$.index');
  DROP INDEX points_by_document;
  CREATE INDEX points_by_document ON points (collection, tenant, source, document, chunk_index);`;

/** Checkpoints belong to scopes, whose entries are found without reading those of others; entries say why they failed, and
 * apart from what they were made from what they were made with.
 * The checkpoint that a source had as a whole says nothing of its scopes. */
const scopedCheckpoints = `
  CREATE TABLE checkpoints (
    lease INTEGER NOT NULL,
    scope TEXT NOT NULL,
    resume TEXT NOT NULL,
    PRIMARY KEY (lease, scope)
  ) STRICT, WITHOUT ROWID;
  ALTER TABLE leases DROP COLUMN resume;
  ALTER TABLE entries ADD COLUMN failure TEXT;
  ALTER TABLE entries ADD COLUMN config TEXT NOT NULL DEFAULT '';
  UPDATE entries SET
    config = substr(input_hash, 1, instr(input_hash, '.') - 1),
    input_hash = substr(input_hash, instr(input_hash, '.') + 1)
  WHERE instr(input_hash, '.') > 0;
  CREATE TABLE seen (
    lease INTEGER NOT NULL,
    scope TEXT NOT NULL,
    document TEXT NOT NULL,
    seen_in TEXT NOT NULL,
    PRIMARY KEY (lease, scope, document)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO seen SELECT lease, scope, document, seen_in FROM entries;
  ALTER TABLE entries DROP COLUMN seen_in;`;

/** Collections have second names. */
const aliases = `
  CREATE TABLE aliases (
    name TEXT PRIMARY KEY,
    collection INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;`;

/** What turns the tables of a version into those of the next. `text_key_of` is a function that opening adds. */
export const migrations: ReadonlyMap<number, string> = new Map([
  [
    1,
    `ALTER TABLE partitions ADD COLUMN nonce TEXT NOT NULL DEFAULT '';
     ALTER TABLE leases ADD COLUMN holder TEXT;`,
  ],
  [
    2,
    `CREATE TABLE epochs (
       collection INTEGER NOT NULL,
       tenant TEXT NOT NULL,
       sequence INTEGER NOT NULL,
       nonce TEXT NOT NULL,
       PRIMARY KEY (collection, tenant, sequence)
     ) STRICT, WITHOUT ROWID;
     INSERT INTO epochs SELECT collection, tenant, sequence, nonce FROM partitions;`,
  ],
  [
    3,
    `CREATE TABLE new_leases (
       lease INTEGER PRIMARY KEY,
       tenant TEXT NOT NULL,
       source TEXT NOT NULL,
       collection TEXT NOT NULL,
       token INTEGER NOT NULL,
       expires_at INTEGER NOT NULL,
       incarnation TEXT NOT NULL,
       resume TEXT,
       epoch TEXT,
       holder TEXT,
       UNIQUE (tenant, source, collection)
     ) STRICT;
     INSERT INTO new_leases
       SELECT lease, tenant, source, '', token, expires_at, incarnation, resume, epoch, holder FROM leases;
     DROP TABLE leases;
     ALTER TABLE new_leases RENAME TO leases;`,
  ],
  [4, "CREATE INDEX entries_unsettled ON entries (lease, state, document) WHERE state <> 'stored'"],
  [
    5,
    `CREATE TABLE contents (
       lease INTEGER NOT NULL,
       hash TEXT NOT NULL,
       document TEXT NOT NULL,
       slot INTEGER NOT NULL,
       PRIMARY KEY (lease, hash, document, slot)
     ) STRICT, WITHOUT ROWID;
     INSERT OR IGNORE INTO contents
       SELECT lease, text_key_of(value -> '$.contentHash'), document, json_extract(value, '$.slot')
       FROM entries, json_each(entries.slots);`,
  ],
  [6, sourceEpochs + scopedCheckpoints],
  [7, aliases],
]);

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
export const schema: string = `
CREATE TABLE collections (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  spec TEXT NOT NULL,
  incarnation TEXT NOT NULL
) STRICT;${aliases}
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
