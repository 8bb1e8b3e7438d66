import { closeSync, openSync, readSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { ConfigurationError } from "@binnacle/core";
import type { CallContext } from "../channel/call-context.ts";
import { loadSqlite } from "./load-sqlite.ts";
import { untilUnlocked } from "./lock-wait.ts";
import { migrationFunctions } from "./migration-functions.ts";
import { migrations } from "./migrations.ts";
import { applicationId, schema, schemaVersion } from "./schema.ts";
import { translateSqliteError } from "./sqlite-error.ts";

/** The options for opening the file. */
export interface OpenOptions {
  readonly path: string;
  readonly synchronous: "normal" | "full";
  readonly lockTimeoutMs: number;
}

/** Opens the file, and creates the file and its tables if they are missing. Refuses a file of another
 * application and keeps it unchanged. */
export async function openDatabase(options: OpenOptions, call: CallContext): Promise<DatabaseSync> {
  try {
    const inMemory = options.path === ":memory:";
    if (!inMemory) await untilUnlocked(() => inspectFile(options.path), call, options);
    return await untilUnlocked(() => openForWriting(options, inMemory), call, options);
  } catch (error) {
    throw translateSqliteError(translateFileError(error, options.path), options.path);
  }
}

/** Translates the file system's own errors, such as a missing permission or a name that is too long. They
 * have a `syscall`. */
function translateFileError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !("syscall" in error)) return error;
  return new ConfigurationError(`The file "${path}" cannot be used: ${error.message}`, {
    code: "file_unusable",
    cause: error,
  });
}

function openForWriting(options: OpenOptions, inMemory: boolean): DatabaseSync {
  const { DatabaseSync } = loadSqlite();
  const database = new DatabaseSync(options.path, { timeout: 0 });
  try {
    const mode = database.prepare("PRAGMA journal_mode = WAL").get()?.["journal_mode"];
    if (!inMemory && mode !== "wal") {
      throw unusable(
        options.path,
        `its file system cannot hold a write-ahead log (journal mode stays "${String(mode)}")`,
      );
    }
    database.exec(`PRAGMA synchronous = ${options.synchronous}`);
    createTables(database, options.path);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Checks the version again under the write lock, because two processes may find the same empty or old
 * file. */
function createTables(database: DatabaseSync, path: string): void {
  if (storedVersion(database, path) === schemaVersion) return;
  for (const [name, body] of Object.entries(migrationFunctions))
    database.function(name, { deterministic: true, varargs: true }, body);
  database.exec("BEGIN IMMEDIATE");
  try {
    const version = storedVersion(database, path);
    if (version === undefined) database.exec(schema);
    for (const [from, statements] of migrations) {
      if (from >= (version ?? schemaVersion)) database.exec(statements);
    }
    database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${schemaVersion}`);
    database.exec("COMMIT");
  } finally {
    if (database.isTransaction) database.exec("ROLLBACK");
  }
}

/** Checks a file without opening it for writing, because closing such a connection may already change the
 * file. */
function inspectFile(path: string): void {
  const directory = dirname(path);
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw unusable(path, `there is no directory "${directory}". Create it first`);
  }
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined || (found.isFile() && found.size === 0)) return;
  if (!found.isFile()) throw unusable(path, "it is not a file. Name a file that the store may create");
  if (!startsLikeSqlite(path)) {
    throw foreign(path, "it is not an SQLite file");
  }
  const { DatabaseSync } = loadSqlite();
  const database = new DatabaseSync(path, { readOnly: true, timeout: 0 });
  try {
    storedVersion(database, path);
  } finally {
    database.close();
  }
}

/** Returns the version of our tables if it is current or can be migrated, and undefined for an empty
 * database. Throws for any other file. */
function storedVersion(database: DatabaseSync, path: string): number | undefined {
  const application = readNumber(database, "PRAGMA application_id");
  const version = readNumber(database, "PRAGMA user_version");
  if (application === applicationId) {
    if (version === schemaVersion || migrations.has(version)) return version;
    throw new ConfigurationError(
      `The file "${path}" has schema version ${version}, but this release reads version ${schemaVersion}. Use the release that wrote it, or index into another file.`,
      { code: "schema_version" },
    );
  }
  const tables = readNumber(database, "SELECT count(*) FROM sqlite_schema");
  if (application === 0 && version === 0 && tables === 0) return undefined;
  throw foreign(
    path,
    `it is an SQLite file of another application (application_id ${application}, user_version ${version}, ${tables} tables and indexes)`,
  );
}

function readNumber(database: DatabaseSync, sql: string): number {
  return Number(Object.values(database.prepare(sql).get() ?? {})[0]);
}

function startsLikeSqlite(path: string): boolean {
  const magic = Buffer.from("SQLite format 3\0", "latin1"); // https://www.sqlite.org/fileformat.html §1.3
  const start = Buffer.alloc(magic.length);
  const file = openSync(path, "r");
  try {
    readSync(file, start, 0, start.length, 0);
  } finally {
    closeSync(file);
  }
  return start.equals(magic);
}

function foreign(path: string, found: string): ConfigurationError {
  return new ConfigurationError(
    `The file "${path}" is not a Binnacle store: ${found}. It was not changed. Name another path.`,
    { code: "foreign_file" },
  );
}

function unusable(path: string, found: string): ConfigurationError {
  return new ConfigurationError(`The file "${path}" cannot be used: ${found}.`, { code: "file_unusable" });
}
