import { createHash } from "node:crypto";
import { BinnacleError, type Collection, type SnapshotAdmin, type VectorStore } from "@binnacle/core";
import { randomNumbers } from "../../filled-store.ts";
import { exactly, shown, type Experiment, type Figure } from "../experiment.ts";
import { storesMissing, withStores } from "../stores/opened-stores.ts";
import { batchOf, spec as ingestSpec } from "./ingest-check.ts";

// No cosine: the double normalizes the vectors of a restored collection again, which may change the last
// digit.
const spec = { ...ingestSpec, dense: { spaceId: "space", dimensions: 32, metric: "dot" } } as const;
const batches = 10;
const damagedFiles = 40;

/** SB-Q5: snapshot, delete and restore; and snapshots that are cut or damaged. */
export const snapshotRestored: Experiment = {
  title: "snapshot, delete, restore; and snapshots that are cut or damaged",
  missing: storesMissing,
  run: ({ seed, share }) =>
    withStores(async (stores) => {
      const figures: Figure[] = [];
      for (const { name, store } of stores)
        if (store.snapshots !== undefined)
          figures.push(...(await restore(name, store, store.snapshots, { seed, share })));
      return figures;
    }),
};

async function restore(
  kind: string,
  store: VectorStore,
  snapshots: SnapshotAdmin,
  { seed, share }: { readonly seed: number; readonly share: number },
): Promise<readonly Figure[]> {
  const { name } = spec;
  await store.ensureCollection(spec);
  for (let number = 0; number < batches; number++) await store.collection(name).write(batchOf(seed, number));
  const before = await pointsOf(store.collection(name));
  const snapshot = await snapshots.create(name);
  const pieces: Uint8Array[] = [];
  for await (const piece of snapshots.download(name, snapshot.name)) pieces.push(piece);
  const bytes = Buffer.concat(pieces);
  await store.deleteCollection(name);
  const random = randomNumbers(seed);
  let [accepted, untyped, leftOver] = [0, 0, 0];
  const tries = Math.ceil(damagedFiles * share);
  for (let i = 0; i < tries; i++) {
    const damaged = damagedCopy(bytes, random);
    // The checksum of the damaged bytes, so that the store must look at the bytes themselves, and the right
    // one.
    const sha256 = i % 2 === 0 ? digest(bytes) : digest(damaged.bytes);
    if (i % 2 === 1 && !damaged.isCut) continue; // a changed byte with its own checksum may be a valid snapshot
    try {
      await snapshots.restore(name, once(damaged.bytes), { sha256 });
      accepted += 1;
      await store.deleteCollection(name);
    } catch (error) {
      if (!BinnacleError.isInstance(error)) untyped += 1;
    }
    if ((await store.describeCollection(name)) !== undefined) leftOver += 1;
  }
  await snapshots.restore(name, once(bytes), { sha256: digest(bytes) });
  const after = await pointsOf(store.collection(name));
  const lost = [...before].filter(([id, hash]) => after.get(id) !== hash).length;
  await store.deleteCollection(name);
  return [
    exactly(
      `points that ${kind} did not restore equal`,
      lost + Math.abs(after.size - before.size),
      0,
      "points",
    ),
    exactly(`damaged snapshots that ${kind} accepted`, accepted, 0, "snapshots"),
    exactly(`collections of damaged snapshots left in ${kind}`, leftOver, 0, "collections"),
    exactly(`errors of ${kind} without a type`, untyped, 0, "errors"),
    shown(`points in ${kind}`, before.size, "points"),
  ];
}

/** A digest of each point with its vectors. */
async function pointsOf(collection: Collection): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for await (const { id, ...point } of collection.scan({ includeVectors: true }))
    found.set(id, digest(Buffer.from(JSON.stringify(point))));
  return found;
}

function damagedCopy(
  bytes: Buffer,
  random: () => number,
): { readonly bytes: Buffer; readonly isCut: boolean } {
  const at = Math.floor(random() * bytes.length);
  if (random() < 0.5) return { bytes: bytes.subarray(0, at), isCut: true };
  const copy = Buffer.from(bytes);
  copy.writeUInt8((copy.readUInt8(at) + 1 + Math.floor(random() * 254)) % 256, at);
  return { bytes: copy, isCut: false };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
  yield bytes;
}

function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
