import { createHash, randomUUID } from "node:crypto";
import { closeSync, fstatSync, fsyncSync, openSync, readSync, rmSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { BinnacleError } from "@binnacle/core";
import { damagedSnapshot, restoreTaken } from "@binnacle/core/stores";
import type { CallContext } from "../channel/call-context.ts";
import type { WorkerOptions } from "../channel/requests.ts";
import type { Handlers } from "../channel/worker-host.ts";
import type { CollectionHandlerParts } from "./collection-handlers.ts";
import { toInfo } from "./collection-table.ts";
import { openDatabase } from "./open-database.ts";

type SnapshotMethod = "createSnapshot" | "restoreSnapshot";

/** The parts that the handlers share. */
export interface SnapshotHandlerParts extends CollectionHandlerParts {
  readonly options: WorkerOptions;
}

// A snapshot is a store file with one collection, so that an older snapshot is migrated like an older file.
const copied = {
  partitions: "tenant, sequence, forgotten, nonce, unfenced",
  fences: "tenant, source, token, written",
} as const;
/** Codes of errors that opening a file reports if it is not a store file. */
const unusable: ReadonlySet<string> = new Set(["foreign_file", "file_corrupt"]);
const pointColumns = "tenant, id, version, sequence, source, document, chunk, metadata, chunk_index";

/** Answers requests about snapshots. They run in a thread of their own, because copying blocks it. */
export function snapshotHandlers(parts: SnapshotHandlerParts): Pick<Handlers, SnapshotMethod> {
  return {
    createSnapshot: async ({ collection, path }, call) => {
      try {
        await attached(path, parts, call, () => copyOut(collection, parts, call));
        await setImmediate(); // an abort that arrived during the copy is heard now
        call.signal.throwIfAborted();
        return checksum(path);
      } catch (error) {
        rmSync(path, { force: true });
        throw error;
      }
    },
    restoreSnapshot: ({ name, path }, call) =>
      attached(path, parts, call, () => {
        checkPages(parts);
        return copyIn(name, parts, call);
      }),
  };
}

/** Opens the file, creating it if it is missing, and runs `body` while it is attached as `snapshot`. */
async function attached<T>(
  path: string,
  parts: SnapshotHandlerParts,
  call: CallContext,
  body: () => Promise<T>,
): Promise<T> {
  const { database } = parts.connection;
  await prepare(path, parts, call);
  database.prepare("ATTACH ? AS snapshot").run(path);
  try {
    const result = await body();
    // One file without a log beside it.
    database.exec("PRAGMA snapshot.wal_checkpoint(TRUNCATE); PRAGMA snapshot.journal_mode = DELETE");
    return result;
  } finally {
    database.exec("DETACH snapshot");
  }
}

/** Copies one collection into the snapshot. One transaction reads one state, regardless of other writers. */
function copyOut(name: string, parts: SnapshotHandlerParts, call: CallContext): Promise<void> {
  const { connection, transactions, collections } = parts;
  return transactions.read(call, () => {
    const collection = collections.find(name);
    if (collection === undefined)
      throw new BinnacleError(
        "not_found",
        `there is no collection "${name}"; create it with ensureCollection`,
      );
    const run = (sql: string): void => void connection.database.prepare(sql).run(collection.key);
    run(
      "INSERT INTO snapshot.collections SELECT id, name, spec, incarnation FROM main.collections WHERE id = ?",
    );
    for (const [table, columns] of Object.entries(copied))
      run(
        `INSERT INTO snapshot.${table} (collection, ${columns})
         SELECT collection, ${columns} FROM main.${table} WHERE collection = ?`,
      );
    run(
      `INSERT INTO snapshot.points (point, collection, ${pointColumns})
       SELECT point, collection, ${pointColumns} FROM main.points WHERE collection = ?`,
    );
    run(
      `INSERT INTO snapshot.vectors (point, dense, sparse)
       SELECT point, dense, sparse FROM main.vectors JOIN main.points USING (point) WHERE collection = ?`,
    );
  });
}

/** Copies the collection of the snapshot under a new name, with a new incarnation. All of it or nothing. */
function copyIn(name: string, parts: SnapshotHandlerParts, call: CallContext) {
  const { connection, transactions, collections } = parts;
  const { database } = connection;
  return transactions.write(call, () => {
    if (collections.find(name) !== undefined) throw restoreTaken(name);
    const held = database.prepare("SELECT id, spec FROM snapshot.collections").all();
    const [source] = held;
    if (source === undefined || held.length > 1)
      throw damagedSnapshot(`the file holds ${held.length} collections, and a snapshot holds 1`);
    const spec: unknown = JSON.parse(String(source["spec"]));
    const { lastInsertRowid: key } = database
      .prepare("INSERT INTO main.collections (name, spec, incarnation) VALUES (?, ?, ?)")
      .run(name, JSON.stringify(Object.assign({}, spec, { name })), randomUUID());
    for (const [table, columns] of Object.entries(copied))
      database
        .prepare(
          `INSERT INTO main.${table} (collection, ${columns}) SELECT ?, ${columns} FROM snapshot.${table}`,
        )
        .run(key);
    // The state that the next index begins with; see TenantIndexes.
    database
      .prepare(
        `INSERT INTO main.epochs (collection, tenant, sequence, nonce)
         SELECT ?, tenant, sequence, nonce FROM snapshot.partitions`,
      )
      .run(key);
    const offset = connection.one("SELECT coalesce(max(point), 0) AS last FROM main.points")["last"] ?? 0;
    database
      .prepare(
        `INSERT INTO main.points (point, collection, ${pointColumns})
         SELECT point + ?, ?, ${pointColumns} FROM snapshot.points`,
      )
      .run(offset, key);
    database
      .prepare(
        "INSERT INTO main.vectors (point, dense, sparse) SELECT point + ?, dense, sparse FROM snapshot.vectors",
      )
      .run(offset);
    const restored = collections.find(name);
    if (restored === undefined) throw new TypeError(`collection "${name}" is missing after it was restored`);
    return toInfo(restored);
  });
}

/** Opens and closes the file, so that it has the tables of this release. */
async function prepare(path: string, { options }: SnapshotHandlerParts, call: CallContext): Promise<void> {
  try {
    (await openDatabase({ ...options, path }, call)).close();
  } catch (error) {
    const isUnusable = BinnacleError.isInstance(error) && unusable.has(error.code);
    throw isUnusable ? damagedSnapshot("they are not a Binnacle store", error) : error;
  }
}

/** Throws if a page of the snapshot is missing or damaged, before the store's own file is changed. */
function checkPages({ connection: { database } }: SnapshotHandlerParts): void {
  let found: unknown;
  try {
    found = Object.values(database.prepare("PRAGMA snapshot.quick_check(1)").get() ?? {})[0];
  } catch (error) {
    throw damagedSnapshot("SQLite cannot read them", error);
  }
  if (found !== "ok") throw damagedSnapshot(`SQLite found: ${String(found)}`);
}

function checksum(path: string): { readonly bytes: number; readonly sha256: string } {
  const file = openSync(path, "r+");
  try {
    fsyncSync(file);
    const hash = createHash("sha256");
    const piece = new Uint8Array(2 ** 20);
    for (let read = readSync(file, piece); read > 0; read = readSync(file, piece))
      hash.update(piece.subarray(0, read));
    return { bytes: fstatSync(file).size, sha256: hash.digest("hex") };
  } finally {
    closeSync(file);
  }
}
