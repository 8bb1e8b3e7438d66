// A process to be killed: `ingesting-process.ts FILE SEED FIRST` executes the plan from batch FIRST on. It
// prints "acknowledged N" once store and manifest have both resolved for batch N.
import { writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { BinnacleError, type Manifest, type ManifestSession } from "@binnacle/core";
import { SqliteStore } from "@binnacle/retriever/sqlite";
import { ingestSpec, plannedBatch, sourceId, writesOf } from "./ingest-plan.ts";

const [path = "", seed = "0", first = "0"] = process.argv.slice(2);
const store = new SqliteStore({ path });
const { incarnation } = await store.ensureCollection(ingestSpec);
const collection = store.collection(ingestSpec.name);
const session = await openOnceFree(store.manifest, incarnation);

for (let number = Number(first); ; number++) {
  const batch = plannedBatch(Number(seed), number);
  const slots = Array.from({ length: batch.slots }, (_, slot) => ({
    slot,
    contentHash: `${slot}.${number}`,
  }));
  const entry = {
    documentId: batch.documentId,
    scope: "",
    version: String(number),
    config: "",
    inputHash: "",
    seenIn: "",
    slots,
  };
  await session.put([{ ...entry, state: "writing" }]);
  await collection.write(writesOf(batch), { fence: { sourceId, token: session.token } });
  await session.put([{ ...entry, state: "stored" }], { resume: new Map([["", String(number)]]) });
  writeSync(1, `acknowledged ${number}\n`);
}

/** Opens the session after the lease of the killed process has expired. */
async function openOnceFree(manifest: Manifest, incarnationNow: string): Promise<ManifestSession> {
  for (;;) {
    try {
      const binding = { sourceId, collection: ingestSpec.name, incarnation: incarnationNow, leaseMs: 300 };
      return await manifest.open(binding);
    } catch (error) {
      if (!BinnacleError.isInstance(error) || error.code !== "lease_held") throw error;
      await sleep(50);
    }
  }
}
