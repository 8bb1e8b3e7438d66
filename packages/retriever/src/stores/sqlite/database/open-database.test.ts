import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Filter } from "@binnacle/core";
import { planSelector } from "@binnacle/core/stores";
import { expect, test } from "vitest";
import { schema2 } from "../fixtures/schema-2.ts";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";
import { Connection } from "./connection.ts";
import { ContentTable } from "./content-table.ts";
import { openDatabase } from "./open-database.ts";
import { PointTable } from "./point-table.ts";
import { applicationId, schemaVersion } from "./schema.ts";

function open(path: string): Promise<DatabaseSync> {
  const call = { signal: new AbortController().signal, startedAt: Date.now(), onWaiting: () => undefined };
  return openDatabase({ path, synchronous: "normal", lockTimeoutMs: 0 }, call);
}

function hashOf(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

test("creates a file with its application id and schema version, and opens it again", async () => {
  const path = join(temporaryFolder(), "store.sqlite");
  (await open(path)).close();
  const database = await open(path);
  expect({ ...database.prepare("PRAGMA application_id").get() }).toEqual({ application_id: applicationId });
  expect({ ...database.prepare("PRAGMA user_version").get() }).toEqual({ user_version: schemaVersion });
  expect({ ...database.prepare("PRAGMA journal_mode").get() }).toEqual({ journal_mode: "wal" });
  database.close();
});

test("turns an empty file into a store, as after a crash during its creation", async () => {
  const path = join(temporaryFolder(), "store.sqlite");
  writeFileSync(path, "");
  (await open(path)).close();
  const bare = join(temporaryFolder(), "bare.sqlite");
  const database = new DatabaseSync(bare);
  database.exec("PRAGMA journal_mode = WAL");
  database.close();
  (await open(bare)).close();
});

test("refuses a file that is not SQLite, and keeps it unchanged", async () => {
  const path = join(temporaryFolder(), "notes.txt");
  writeFileSync(path, "dear diary, ".repeat(1000));
  const before = hashOf(path);
  await expect(open(path)).rejects.toMatchObject({
    name: "ConfigurationError",
    code: "foreign_file",
    message: expect.stringContaining("not an SQLite file"),
  });
  expect(hashOf(path)).toBe(before);
});

test("refuses another application's database and keeps it unchanged, including its open write-ahead log", async () => {
  const folder = temporaryFolder();
  const path = join(folder, "theirs.sqlite");
  const theirs = new DatabaseSync(path);
  theirs.exec("PRAGMA journal_mode = WAL; CREATE TABLE mine (a); INSERT INTO mine VALUES (1)");
  const names = readdirSync(folder).filter((name) => !name.endsWith("-shm"));
  const before = names.map((name) => hashOf(join(folder, name)));
  await expect(open(path)).rejects.toMatchObject({
    name: "ConfigurationError",
    code: "foreign_file",
    message: expect.stringContaining("another application"),
  });
  expect(names.map((name) => hashOf(join(folder, name)))).toEqual(before);
  theirs.close();
});

test("refuses another schema version, names both versions, and keeps the file unchanged", async () => {
  const path = join(temporaryFolder(), "store.sqlite");
  const database = await open(path);
  database.exec(`PRAGMA user_version = ${schemaVersion + 1}`);
  database.close();
  const before = hashOf(path);
  await expect(open(path)).rejects.toMatchObject({
    name: "ConfigurationError",
    code: "schema_version",
    message: expect.stringContaining(
      `version ${schemaVersion + 1}, but this release reads version ${schemaVersion}`,
    ),
  });
  expect(hashOf(path)).toBe(before);
});

test("migrates a file of the first schema version and keeps its data", async () => {
  const path = join(temporaryFolder(), "store.sqlite");
  const old = new DatabaseSync(path);
  old.exec(`${schema2}
    ALTER TABLE partitions DROP COLUMN nonce;
    ALTER TABLE leases DROP COLUMN holder;
    INSERT INTO partitions (collection, tenant, sequence, forgotten) VALUES (1, '', 7, 3);
    PRAGMA user_version = 1`);
  old.close();
  const database = await open(path);
  expect({ ...database.prepare("PRAGMA user_version").get() }).toEqual({ user_version: schemaVersion });
  expect({ ...database.prepare("SELECT * FROM partitions").get() }).toEqual({
    collection: 1,
    tenant: "",
    sequence: 7,
    forgotten: 3,
    nonce: "",
    unfenced: "",
  });
  expect(database.prepare("SELECT holder FROM leases").all()).toEqual([]);
  database.close();
});

test("migrates a file of version 2 and records its current state", async () => {
  const path = join(temporaryFolder(), "store.sqlite");
  const old = new DatabaseSync(path);
  old.exec(`${schema2}
    INSERT INTO partitions (collection, tenant, sequence, forgotten, nonce) VALUES (1, 'a', 7, 3, 'drawn')`);
  old.close();
  const database = await open(path);
  expect({ ...database.prepare("SELECT * FROM epochs").get() }).toEqual({
    collection: 1,
    tenant: "a",
    sequence: 7,
    nonce: "drawn",
  });
  database.close();
});

test("migrates a file from before version 6 and finds the places of its contents", async () => {
  const path = join(temporaryFolder(), "store.sqlite");
  const old = new DatabaseSync(path);
  old.exec(`${schema2}
    INSERT INTO entries VALUES (4, 'a.md', '', 'v1', 'hash', 'stored', '', '[{"slot":0,"contentHash":"x"},{"slot":3,"contentHash":"y"}]');
    INSERT INTO entries VALUES (4, 'b.md', '', 'v1', 'hash', 'removing', '', '[]');`);
  old.close();
  const database = await open(path);
  expect(
    database
      .prepare("SELECT * FROM contents")
      .all()
      .map((row) => ({ ...row })),
  ).toEqual([
    { lease: 4, hash: "x", document: "a.md", slot: 0 },
    { lease: 4, hash: "y", document: "a.md", slot: 3 },
  ]);
  database.close();
});

test("migrates a file from before version 7 and finds the first chunk of each document", async () => {
  const path = join(temporaryFolder(), "store.sqlite");
  const old = new DatabaseSync(path);
  old.exec(schema2);
  const insert = old.prepare(
    "INSERT INTO points (collection, tenant, id, version, sequence, source, document, chunk, metadata) VALUES (1, '', ?, 1, 1, 's', 'd', ?, '{}')",
  );
  for (const index of [0, 1, 2]) insert.run(`id-${index}`, JSON.stringify({ index }));
  old.exec("INSERT INTO fences VALUES (1, '', 's', 5)");
  old.close();
  const database = await open(path);
  const read = (sql: string): readonly unknown[] =>
    database
      .prepare(sql)
      .all()
      .map((row) => ({ ...row }));
  expect(read("SELECT id FROM points WHERE chunk_index = 0")).toEqual([{ id: "id-0" }]);
  expect(read("SELECT * FROM fences")).toEqual([
    { collection: 1, tenant: "", source: "s", token: 5, written: "" },
  ]);
  database.close();
});

test.each([7, 8])(
  "refuses schema version %i, which names several layouts, and keeps the file unchanged",
  async (version) => {
    const path = join(temporaryFolder(), "store.sqlite");
    const old = new DatabaseSync(path);
    old.exec(`${schema2} PRAGMA user_version = ${version}`);
    old.close();
    const before = hashOf(path);
    await expect(open(path)).rejects.toMatchObject({ code: "schema_version" });
    expect(hashOf(path)).toBe(before);
  },
);

test("filters by the datetimes of a file from before version 9, which had shorter forms", async () => {
  const path = join(temporaryFolder(), "store.sqlite");
  const old = new DatabaseSync(path);
  const dense = { spaceId: "space", dimensions: 1, metric: "cosine" } as const;
  const fields = { at: "datetime", note: "keyword" } as const;
  const spec = { name: "docs", dense, fields, tenancy: "none" } as const;
  old.exec(schema2);
  old.prepare("INSERT INTO collections VALUES (1, 'docs', ?, 'incarnation')").run(JSON.stringify(spec));
  const insert = old.prepare(
    "INSERT INTO points (collection, tenant, id, version, sequence, source, document, chunk, metadata) VALUES (1, '', ?, 1, 1, 's', 'd', '{\"index\":0}', ?)",
  );
  const short = ["2026-03-01T09:30Z", "2026-03-01 09:30", "2026-03-01t09:30:00z", "2026-03-01T10:30:00+0100"];
  const metadata = [
    ...short.map((at) => ({ at, note: at })),
    { at: ["2026-03-01T09:30Z", null], note: "list" },
    { at: "2026-03-01", note: "a day" },
    { at: "soon", note: "no datetime" },
  ];
  metadata.forEach((each, i) => insert.run(`id-${i}`, JSON.stringify(each)));
  old.close();
  const database = await open(path);
  const points = new PointTable(new Connection(database));
  const state = { tenant: "", sequence: 1, nonce: "", forgotten: 0, unfenced: "" };
  const partition = { collection: { key: 1, spec, incarnation: "incarnation" }, ...state };
  const count = (filter: Filter): number => points.count(partition, planSelector({ filter }, fields));
  expect(count({ at: { $gte: "2026-03-01T09:30:00Z" } })).toBe(5);
  expect(count({ at: "2026-03-01T09:30:00Z" })).toBe(5);
  expect(count({ at: { $lt: "2026-03-01T00:00:01Z" } })).toBe(1);
  expect(count({ note: "2026-03-01T09:30Z" })).toBe(1);
  database.close();
});

test("finds contents with unusual names in a migrated file by the same keys as in a new file", async () => {
  const path = join(temporaryFolder(), "store.sqlite");
  const hashes = ['"', '"quoted"', "\ud800", '"\\ud800"', "\\ud800", "a\0b", "\n\b\u0001", "🙂", ""];
  const slots = hashes.map((contentHash, slot) => ({ slot, contentHash }));
  const old = new DatabaseSync(path);
  old.exec(schema2);
  old
    .prepare("INSERT INTO entries VALUES (4, 'a.md', '', 'v1', 'hash', 'stored', '', ?)")
    .run(JSON.stringify(slots));
  old.close();
  const database = await open(path);
  const contents = new ContentTable(new Connection(database));
  for (const slot of slots)
    expect(contents.find(4, [slot.contentHash])).toEqual([{ ...slot, documentId: "a.md" }]);
  database.close();
});

test("gives a migrated file the tables of a new one", async () => {
  const [path, fresh] = ["old", "new"].map((name) => join(temporaryFolder(), name));
  const old = new DatabaseSync(path ?? "");
  old.exec(schema2);
  old.close();
  const tables = async (file: string | undefined): Promise<readonly unknown[]> => {
    const database = await open(file ?? "");
    const columns = database.prepare(
      `SELECT s.type, s.name, s.tbl_name, c.name AS column, c.type AS kind, c."notnull", c.dflt_value, c.pk
       FROM sqlite_schema s LEFT JOIN pragma_table_info(s.name) c ON s.type = 'table' ORDER BY s.name, c.name`,
    );
    const found = columns.all();
    database.close();
    return found;
  };
  expect(await tables(path)).toEqual(await tables(fresh));
});

test("names a path that the file system refuses", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "file");
  writeFileSync(file, "");
  mkdirSync(join(folder, "taken"));
  const paths = [
    join(folder, "missing", "store.sqlite"),
    join(file, "store.sqlite"),
    join(folder, "taken"),
    join(folder, "x".repeat(300)),
  ];
  // Root may write anywhere, except where the kernel itself refuses.
  for (const path of [...paths, "/proc/self/store.sqlite"]) {
    await expect(open(path)).rejects.toMatchObject({
      name: "ConfigurationError",
      code: "file_unusable",
      message: expect.stringContaining(path),
    });
  }
});

test("reports a damaged file", async () => {
  const path = join(temporaryFolder(), "store.sqlite");
  (await open(path)).close();
  const bytes = readFileSync(path);
  bytes.fill(0xff, 100, 4096);
  writeFileSync(path, bytes);
  await expect(open(path)).rejects.toMatchObject({ code: "file_corrupt" });
});
