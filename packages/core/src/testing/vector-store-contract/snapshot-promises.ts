import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { Snapshot, SnapshotAdmin } from "../../spec/snapshot-admin.ts";
import type { VectorStore } from "../../spec/vector-store.ts";
import {
  collect,
  DOCS,
  docs,
  idOf,
  numbersOf,
  upsert,
  withCode,
  type StorePromise,
} from "./contract-points.ts";
import { QUERY } from "./every-call.ts";
import { assertNear } from "./near.ts";
import { hybridDocs } from "./needs.ts";

/** A promise of stores with snapshots. A store without them has no `snapshots`. */
function withSnapshots(
  name: string,
  body: (store: VectorStore, snapshots: SnapshotAdmin) => Promise<void>,
): StorePromise {
  return [name, async (store) => (store.snapshots === undefined ? undefined : body(store, store.snapshots))];
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
  for (let start = 0; start < bytes.length; start += 4096) yield bytes.subarray(start, start + 4096);
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

async function bytesOf(snapshots: SnapshotAdmin, { collection, name }: Snapshot): Promise<Uint8Array> {
  return Buffer.concat(await collect(snapshots.download(collection, name)));
}

/** Promises about snapshots. */
export const snapshotPromises: readonly StorePromise[] = [
  withSnapshots("creates, lists, downloads and deletes snapshots", async (store, snapshots) => {
    const collection = await docs(store);
    await collection.write([upsert(1)]);
    assert.deepEqual(await snapshots.list("docs"), []);
    const made = await snapshots.create("docs");
    assert.equal(made.collection, "docs");
    assert.match(made.name, /^docs-.*\.snapshot$/);
    assert.ok(Math.abs(Date.parse(made.createdAt ?? "") - Date.now()) < 3_600_000, made.createdAt);
    assert.deepEqual(await snapshots.list("docs"), [made]);
    const bytes = await bytesOf(snapshots, made);
    assert.deepEqual([bytes.length, sha256(bytes)], [made.bytes, made.sha256]);
    assert.equal(await snapshots.delete("docs", made.name), true);
    assert.equal(await snapshots.delete("docs", made.name), false);
    assert.deepEqual(await snapshots.list("docs"), []);
    await assert.rejects(collect(snapshots.download("docs", made.name)), withCode("not_found"));
  }),
  withSnapshots(
    "restores equal points after a deletion, with a new incarnation",
    async (store, snapshots) => {
      const collection = await hybridDocs(store, { tenancy: "none" });
      const terms = { indices: Uint32Array.of(1, 7), values: Float32Array.of(0.5, 2) };
      const writes = Array.from({ length: 40 }, (_, i) => {
        const point = upsert(i + 1, { dense: [i + 1, 0.1, -1] });
        return { ...point, chunk: { ...point.chunk, encoderId: "encoder" }, sparse: terms };
      });
      await collection.write(writes);
      const points = await collect(collection.scan({ includeVectors: true }));
      const hits = await collection.search(QUERY);
      const info = await store.describeCollection("docs");
      const epoch = await collection.epoch();
      const made = await snapshots.create("docs");
      const bytes = await bytesOf(snapshots, made);
      await collection.write([upsert(1, { metadata: {} })]);
      await store.deleteCollection("docs");
      const restored = await snapshots.restore("docs", once(bytes), { sha256: made.sha256 ?? "" });
      const { incarnation, ...spec } = restored;
      assert.notEqual(incarnation, info?.incarnation);
      assert.deepEqual({ ...spec, incarnation: info?.incarnation }, info);
      assert.deepEqual(await store.describeCollection("docs"), restored);
      const byId = new Map(
        (await collect(collection.scan({ includeVectors: true }))).map((point) => [point.id, point]),
      );
      assert.equal(byId.size, points.length);
      for (const { dense, ...point } of points) {
        const { dense: found, ...rest } = byId.get(point.id) ?? {};
        assert.deepEqual(rest, point);
        assertNear(found, dense ?? []);
      }
      assert.deepEqual(numbersOf(await collection.search(QUERY)), numbersOf(hits));
      if ((await store.capabilities()).epochs) assert.notEqual(await collection.epoch(), epoch);
      await collection.write([{ type: "delete", id: idOf(1) }]);
      assert.equal(await collection.count(), 39);
    },
  ),
  withSnapshots("restores beside the collection, and keeps both apart", async (store, snapshots) => {
    const collection = await docs(store);
    await collection.write([upsert(1), upsert(2)]);
    const made = await snapshots.create("docs");
    await collection.write([upsert(3)]);
    const bytes = await bytesOf(snapshots, made);
    const { name } = await snapshots.restore("docs-2", once(bytes), { sha256: sha256(bytes) });
    assert.equal(name, "docs-2");
    const copy = store.collection("docs-2");
    await copy.write([{ type: "delete", id: idOf(1) }]);
    assert.deepEqual([await collection.count(), await copy.count()], [3, 1]);
    if ((await store.capabilities()).epochs) assert.notEqual(await copy.epoch(), await collection.epoch());
  }),
  withSnapshots("keeps the tenants of a restored collection", async (store, snapshots) => {
    await store.ensureCollection({ ...DOCS, tenancy: "required" });
    for (const tenant of ["a", "b"]) await store.collection("docs", { tenant }).write([upsert(1)]);
    await store.collection("docs", { tenant: "b" }).write([upsert(2)]);
    const bytes = await bytesOf(snapshots, await snapshots.create("docs"));
    await snapshots.restore("again", once(bytes), { sha256: sha256(bytes) });
    const counts = ["a", "b", "c"].map((tenant) => store.collection("again", { tenant }).count());
    assert.deepEqual(await Promise.all(counts), [1, 2, 0]);
  }),
  withSnapshots("holds the state of one moment while writes go on", async (store, snapshots) => {
    const collection = await docs(store);
    const pair = (n: number) => [upsert(1, { metadata: { year: n } }), upsert(2, { metadata: { year: n } })];
    await collection.write(pair(0));
    let isDone = false;
    const writing = (async () => {
      for (let n = 1; !isDone; n++) await collection.write(pair(n));
    })();
    const made = [await snapshots.create("docs"), await snapshots.create("docs")];
    isDone = true;
    await writing;
    assert.equal((await snapshots.list("docs")).length, 2);
    for (const [i, snapshot] of made.entries()) {
      const bytes = await bytesOf(snapshots, snapshot);
      await snapshots.restore(`copy-${i}`, once(bytes), { sha256: sha256(bytes) });
      const years = (await collect(store.collection(`copy-${i}`).scan())).map(
        ({ metadata }) => metadata["year"],
      );
      assert.equal(years.length, 2);
      assert.equal(years[0], years[1]);
    }
  }),
  withSnapshots("refuses damaged bytes, and creates no collection", async (store, snapshots) => {
    const collection = await docs(store);
    await collection.write([upsert(1)]);
    const made = await snapshots.create("docs");
    const bytes = await bytesOf(snapshots, made);
    const half = bytes.subarray(0, Math.floor(bytes.length / 2));
    const flipped = Uint8Array.from(bytes);
    flipped[100] = (bytes[100] ?? 0) ^ 1;
    for (const damaged of [half, flipped, new Uint8Array()]) {
      const call = snapshots.restore("bad", once(damaged), { sha256: made.sha256 ?? "" });
      await assert.rejects(call, withCode("checksum_mismatch"));
    }
    const noise = Uint8Array.from({ length: 9_000 }, (_, i) => i % 251);
    for (const damaged of [half, noise]) {
      const call = snapshots.restore("bad", once(damaged), { sha256: sha256(damaged) });
      await assert.rejects(call, withCode("snapshot_damaged"));
    }
    const breaking = async function* (): AsyncGenerator<Uint8Array, void, void> {
      yield half;
      throw new Error("the disk broke");
    };
    const broken = snapshots.restore("bad", breaking(), { sha256: sha256(bytes) });
    await assert.rejects(broken, /the disk broke/);
    assert.equal(await store.describeCollection("bad"), undefined);
  }),
  withSnapshots("never overwrites a collection or an alias", async (store, snapshots) => {
    const collection = await docs(store);
    await collection.write([upsert(1)]);
    const made = await snapshots.create("docs");
    const bytes = await bytesOf(snapshots, made);
    await collection.write([upsert(2)]);
    await store.aliases?.set({ name: "live", collection: "docs" });
    for (const name of store.aliases ? ["docs", "live"] : ["docs"])
      await assert.rejects(
        snapshots.restore(name, once(bytes), { sha256: sha256(bytes) }),
        withCode("name_taken"),
      );
    assert.equal(await collection.count(), 2);
  }),
  withSnapshots("refuses missing collections and names that could be paths", async (store, snapshots) => {
    await docs(store);
    await assert.rejects(snapshots.create("missing"), withCode("not_found"));
    const invalid = withCode("invalid_configuration");
    for (const name of ["..", "../docs", "a/b", "%2e%2e", ""]) {
      await assert.rejects(snapshots.create(name), invalid, name);
      await assert.rejects(snapshots.list(name), invalid, name);
      await assert.rejects(
        snapshots.restore(name, once(new Uint8Array()), { sha256: "0".repeat(64) }),
        invalid,
      );
    }
    for (const name of ["..", "../../x.snapshot", "a/b.snapshot", "x", "a\0.snapshot", "..snapshot"]) {
      await assert.rejects(collect(snapshots.download("docs", name)), invalid, name);
      await assert.rejects(snapshots.delete("docs", name), invalid, name);
    }
    await assert.rejects(snapshots.restore("x", once(new Uint8Array()), { sha256: "abc" }), invalid);
  }),
  withSnapshots("rejects every snapshot call that is aborted, and after close", async (store, snapshots) => {
    await docs(store);
    const { name } = await snapshots.create("docs");
    const calls = (signal?: AbortSignal) => ({
      create: () => snapshots.create("docs", { signal }),
      list: () => snapshots.list("docs", { signal }),
      download: () => collect(snapshots.download("docs", name, { signal })),
      delete: () => snapshots.delete("docs", name, { signal }),
      restore: () => snapshots.restore("x", once(new Uint8Array(9)), { sha256: "0".repeat(64), signal }),
    });
    const reason = new Error("enough");
    for (const [call, run] of Object.entries(calls(AbortSignal.abort(reason))))
      await assert.rejects(run(), (error) => error === reason, call);
    assert.equal((await snapshots.list("docs")).length, 1);
    await store.close();
    for (const [call, run] of Object.entries(calls())) await assert.rejects(run(), withCode("closed"), call);
  }),
];
