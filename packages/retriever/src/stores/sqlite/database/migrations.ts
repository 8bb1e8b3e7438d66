/** Each source has its own epoch, and each point has the index of its chunk. */
const sourceEpochs = `
  ALTER TABLE partitions ADD COLUMN unfenced TEXT NOT NULL DEFAULT '';
  ALTER TABLE fences ADD COLUMN written TEXT NOT NULL DEFAULT '';
  ALTER TABLE points ADD COLUMN chunk_index INTEGER NOT NULL DEFAULT 0;
  UPDATE points SET chunk_index = json_extract(chunk, '$.index');
  DROP INDEX points_by_document;
  CREATE INDEX points_by_document ON points (collection, tenant, source, document, chunk_index);`;

/**
 * Checkpoints belong to scopes, and the entries of a scope have an index. Entries hold their failure, and
 * their configuration apart from the hash of their input. The old checkpoint of a whole source is dropped,
 * because it does not apply to scopes.
 */
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

/** Collections have aliases. */
const aliases = `
  CREATE TABLE aliases (
    name TEXT PRIMARY KEY,
    collection INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;`;

/**
 * Range filters read only datetimes with a `T`, seconds and a colon in the offset. Releases before version 9
 * also stored shorter forms.
 */
const canonicalDatetimes = `
  UPDATE points SET metadata =
    canonical_metadata((SELECT spec FROM collections WHERE id = points.collection), metadata)
  WHERE collection IN (SELECT id FROM collections WHERE spec LIKE '%"datetime"%');`;

/**
 * The statements that turn the tables of a version into those of the next version here, or of the current
 * schema after the last. They use functions of {@link migrationFunctions}.
 */
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
  [6, sourceEpochs + scopedCheckpoints + aliases + canonicalDatetimes],
]);
