import assert from "node:assert/strict";
import type { VectorStore } from "../../spec/vector-store.ts";
import { docs, idOf, upsert, type StorePromise } from "./contract-points.ts";
import { either } from "./needs.ts";

/** Promises about the content of a store that is closed and opened again. */
export function durabilityPromises(
  reopen: (closed: VectorStore) => Promise<VectorStore>,
): readonly StorePromise[] {
  return [
    either(
      "keeps or loses acknowledged writes when it closes, as its durability says",
      ({ durability }) => durability !== "none",
      {
        yes: async (store) => {
          const collection = await docs(store);
          await collection.write([upsert(1), upsert(2)]);
          const [before, epoch] = [await collection.get([idOf(1)]), await collection.epoch()];
          const info = await store.describeCollection("docs");
          await usingReopened(store, reopen, async (opened) => {
            assert.deepEqual(await opened.describeCollection("docs"), info);
            assert.deepEqual(await opened.collection("docs").get([idOf(1)]), before);
            assert.equal(await opened.collection("docs").epoch(), epoch);
          });
        },
        no: async (store) => {
          await docs(store);
          await usingReopened(store, reopen, async (opened) =>
            assert.equal(await opened.describeCollection("docs"), undefined),
          );
        },
      },
    ),
  ];
}

async function usingReopened(
  store: VectorStore,
  reopen: (closed: VectorStore) => Promise<VectorStore>,
  body: (opened: VectorStore) => Promise<void>,
): Promise<void> {
  await store.close();
  const opened = await reopen(store);
  try {
    await body(opened);
  } finally {
    await opened.close();
  }
}
