import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";
import { sampleSpec, sampleUpsert } from "./fixtures/sample-points.ts";
import { SqliteStore } from "./sqlite-store.ts";

async function* fileOf(path: string): AsyncGenerator<Uint8Array, void, void> {
  yield readFileSync(path);
}

/** A store with points in "samples", and another collection. */
async function filledStore(points: number) {
  const folder = temporaryFolder();
  const path = join(folder, "store.sqlite");
  const store = new SqliteStore({ path });
  onTestFinished(() => store.close());
  await store.ensureCollection(sampleSpec);
  await store.ensureCollection({ ...sampleSpec, name: "other" });
  const writes = Array.from({ length: points }, (_, i) => sampleUpsert(i + 1));
  await store.collection("samples").write(writes);
  await store.collection("other").write([sampleUpsert(1)]);
  return { store, path, snapshots: `${path}-snapshots` };
}

function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

describe("a snapshot of a SqliteStore", () => {
  test("is a store file with one collection and no manifest (Q12, Q34)", async () => {
    const { store, snapshots } = await filledStore(3);
    const session = await store.manifest.open({ sourceId: "s", collection: "samples", incarnation: "i" });
    await session.close();
    const { name } = (await store.snapshots?.create("samples")) ?? { name: "" };
    expect(readdirSync(join(snapshots, "samples")).sort()).toEqual([name, `${name}.json`]);
    const database = new DatabaseSync(join(snapshots, "samples", name), { readOnly: true });
    const count = (table: string): unknown =>
      Object.values(database.prepare(`SELECT count(*) FROM ${table}`).get() ?? {})[0];
    expect(["collections", "points", "vectors", "leases", "entries"].map(count)).toEqual([1, 3, 3, 0, 0]);
    database.close();
    const copy = new SqliteStore({ path: join(snapshots, "samples", name) });
    expect(await copy.collection("samples").count()).toBe(3);
    await copy.close();
  });

  test("is created in another thread, so that searches continue", async () => {
    const { store } = await filledStore(4_000);
    const collection = store.collection("samples");
    await collection.count();
    let answered = 0;
    let isDone = false;
    const counting = (async () => {
      while (!isDone) {
        await collection.count();
        answered += 1;
      }
    })();
    const startedAt = performance.now();
    const made = await store.snapshots?.create("samples");
    const tookMs = performance.now() - startedAt;
    isDone = true;
    await counting;
    process.stdout.write(
      `snapshot: 4000 points, ${made?.bytes} bytes in ${tookMs.toFixed(0)} ms, ${answered} counts meanwhile\n`,
    );
    expect(answered).toBeGreaterThan(3);
  });

  test("reports bytes that changed on the disk", async () => {
    const { store, snapshots } = await filledStore(3);
    const { name = "" } = (await store.snapshots?.create("samples")) ?? {};
    const path = join(snapshots, "samples", name);
    const bytes = readFileSync(path);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(path, bytes);
    const read = async (): Promise<void> => {
      for await (const _ of store.snapshots?.download("samples", name) ?? []);
    };
    await expect(read()).rejects.toMatchObject({ code: "snapshot_damaged" });
  });

  test("is not listed if its process was killed, and is removed after a day", async () => {
    const { store, path, snapshots } = await filledStore(6_000);
    const program = fileURLToPath(new URL("fixtures/snapshot-maker.ts", import.meta.url));
    for (let i = 0; i < 4; i++) {
      const known = namesIn(join(snapshots, "samples")).length;
      const child = spawn(process.execPath, ["--conditions=@binnacle/source", program, path, `copy-${i}`]);
      const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
      while (namesIn(join(snapshots, "samples")).length === known)
        await new Promise((resolve) => setTimeout(resolve, 5));
      await new Promise((resolve) => setTimeout(resolve, 80 * i));
      child.kill("SIGKILL");
      await ended;
    }
    const listed = (await store.snapshots?.list("samples")) ?? [];
    for (const { name, sha256 = "" } of listed) {
      const file = join(snapshots, "samples", name);
      expect(createHash("sha256").update(readFileSync(file)).digest("hex")).toBe(sha256);
    }
    // A collection that was being restored is whole or missing.
    for (const { name } of await store.listCollections()) {
      if (name.startsWith("copy-")) expect(await store.collection(name).count()).toBe(6_000);
    }
    const part = join(snapshots, "samples", "old.snapshot.part");
    writeFileSync(part, "abandoned");
    utimesSync(part, new Date(0), new Date(0));
    await store.snapshots?.create("samples");
    expect(readdirSync(join(snapshots, "samples"))).not.toContain("old.snapshot.part");
  });

  test("is refused if its release cannot be read, and creates no collection", async () => {
    const { store, snapshots } = await filledStore(2);
    const { name = "" } = (await store.snapshots?.create("samples")) ?? {};
    const path = join(snapshots, "samples", name);
    const database = new DatabaseSync(path);
    database.exec("PRAGMA user_version = 7");
    database.close();
    const sha256 = createHash("sha256").update(readFileSync(path)).digest("hex");
    const call = store.snapshots?.restore("restored", fileOf(path), { sha256 });
    await expect(call).rejects.toMatchObject({ code: "schema_version" });
    expect(await store.describeCollection("restored")).toBeUndefined();
    expect(readdirSync(snapshots)).toEqual(["samples"]);
  });

  test("does not exist for a store in memory", () => {
    expect(new SqliteStore({ path: ":memory:" }).snapshots).toBeUndefined();
  });
});
