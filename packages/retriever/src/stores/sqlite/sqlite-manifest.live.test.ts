import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { manifestContract } from "@binnacle/core/testing";
import { expect, onTestFinished, test } from "vitest";
import { sampleSpec } from "./fixtures/sample-points.ts";
import { schema2 } from "./fixtures/schema-2.ts";
import { shareCompileCache } from "./fixtures/share-compile-cache.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";
import { SqliteManifest, SqliteStore } from "./index.ts";

shareCompileCache();
const contract = manifestContract(
  async ({ now }) => new SqliteManifest({ path: join(temporaryFolder(), "manifest.sqlite"), now }),
);
for (const check of contract) test(check.name, check.run);

const binding = { sourceId: "source", collection: "pages", incarnation: "incarnation" };
const entry = {
  documentId: "a",
  scope: "",
  version: "1",
  config: "",
  inputHash: "hash",
  state: "stored",
  seenIn: "",
  slots: [{ slot: 0, contentHash: "content" }],
} as const;

test("shares leases and entries between a store's manifest and a manifest on the same file", async () => {
  const path = join(temporaryFolder(), "store.sqlite");
  const store = new SqliteStore({ path });
  const manifest = new SqliteManifest({ path });
  onTestFinished(async () => {
    await store.close();
    await manifest.close();
  });
  const session = await store.manifest.open(binding);
  await session.put([entry], { resume: new Map([["", "here"]]) });
  await expect(manifest.open(binding)).rejects.toMatchObject({ code: "lease_held", retryable: true });

  await store.manifest.close();
  await expect(store.manifest.open(binding)).rejects.toMatchObject({ code: "closed" });
  expect(await store.health()).toMatchObject({ status: "ok" });
  const next = await manifest.open(binding);
  expect(next.token).toBeGreaterThan(session.token);
  expect([next.isNew, next.resume]).toEqual([false, new Map([["", "here"]])]);
  expect(await next.get(["a"])).toEqual([entry]);
});

test("moves a record of version 2 to the collection of its points", async () => {
  const path = join(temporaryFolder(), "manifest.sqlite");
  const old = new DatabaseSync(path);
  old.exec(`${schema2}
    INSERT INTO leases (lease, tenant, source, token, expires_at, incarnation, resume, epoch)
      VALUES (7, '', 'source', 99999999999999, 0, 'incarnation', 'here', 'epoch');
    INSERT INTO entries (lease, document, scope, version, input_hash, state, seen_in, slots)
      VALUES (7, 'a', '', '1', 'hash', 'stored', '', '[{"slot":0,"contentHash":"content"}]')`);
  old.close();
  const manifest = new SqliteManifest({ path });
  onTestFinished(() => manifest.close());
  const other = await manifest.open({ ...binding, collection: "other", incarnation: "another" });
  expect(other.isNew).toBe(true);
  const session = await manifest.open(binding);
  expect([session.isNew, session.resume, session.epoch]).toEqual([false, new Map(), "epoch"]);
  expect(session.token).toBe(100_000_000_000_000);
  expect(await session.get(["a"])).toEqual([entry]);
  await session.close();
  const again = await manifest.open({ ...binding, collection: "renamed" });
  expect(again.isNew).toBe(true);
});

test("deletes the manifest's facts about a collection together with the collection", async () => {
  const path = join(temporaryFolder(), "store.sqlite");
  const store = new SqliteStore({ path });
  onTestFinished(() => store.close());
  const kept = await store.ensureCollection({ ...sampleSpec, name: "kept" });
  const { incarnation } = await store.ensureCollection(sampleSpec);
  for (const { name, incarnation: its } of [kept, { name: sampleSpec.name, incarnation }]) {
    const session = await store.manifest.open({ sourceId: "source", collection: name, incarnation: its });
    await session.put([entry], { resume: new Map([["", "here"]]) });
    await session.close();
  }
  await store.deleteCollection(sampleSpec.name);
  const database = new DatabaseSync(path);
  onTestFinished(() => database.close());
  for (const table of ["entries", "seen", "contents", "checkpoints"])
    expect({ ...database.prepare(`SELECT count(*) AS rows FROM ${table}`).get() }).toEqual({ rows: 1 });
});

test("lists all entries over many pages, even while they are deleted", async () => {
  const manifest = new SqliteManifest({ path: ":memory:" });
  onTestFinished(() => manifest.close());
  const session = await manifest.open(binding);
  const ids = Array.from({ length: 1300 }, (_, i) => `document-${String(i).padStart(5, "0")}`);
  await session.put(ids.map((documentId) => ({ ...entry, documentId })));
  const listed: string[] = [];
  for await (const { documentId } of session.list()) {
    listed.push(documentId);
    await session.forget([documentId]);
  }
  expect(listed).toEqual(ids);
  expect(await session.get([ids[0] ?? ""])).toEqual([undefined]);
});

test.runIf(process.platform === "linux")(
  "frees the lease of a killed process of this machine immediately",
  async () => {
    const path = join(temporaryFolder(), "manifest.sqlite");
    const holder = fileURLToPath(new URL("fixtures/lease-holder.ts", import.meta.url));
    const child = spawn(process.execPath, ["--conditions=@binnacle/source", holder, path]);
    onTestFinished(() => void child.kill("SIGKILL"));
    await once(child.stdout, "data");
    const manifest = new SqliteManifest({ path });
    onTestFinished(() => manifest.close());
    await expect(manifest.open(binding)).rejects.toMatchObject({ code: "lease_held" });
    child.kill("SIGKILL");
    await once(child, "exit");
    await manifest.open(binding);
  },
);
