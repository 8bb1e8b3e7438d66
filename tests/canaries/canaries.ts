import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kubelabMissing, startKubelab } from "../servers/kubelab.ts";
import { openCluster } from "./cluster.ts";
import { findCanaries, isBlind } from "./find-canaries.ts";
import { indexCanaries, type Seen } from "./index-canaries.ts";
import { plantCanaries, type Planted } from "./plant-canaries.ts";

const count = 200;

async function main(): Promise<void> {
  const missing = kubelabMissing("own");
  if (missing !== undefined) throw new Error(missing);
  const lab = await startKubelab({ own: true });
  const folder = mkdtempSync(join(tmpdir(), "binnacle-canaries-"));
  const cluster = await openCluster(lab.kubeconfig);
  try {
    const planted = await plantCanaries(cluster, count);
    const seen = await indexCanaries(lab.kubeconfig, folder);
    print(planted, seen);
  } finally {
    await cluster.close();
    await lab.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function print(planted: readonly Planted[], seen: Seen): void {
  const found = findCanaries(planted, seen);
  console.log("searched:");
  for (const [where, text] of seen)
    console.log(`  ${where} (${text.length.toLocaleString("en")} characters)`);
  console.log("places:");
  for (const [place, number] of countPlaces(planted)) console.log(`  ${place}: ${number} planted`);
  for (const line of found) console.log(`FOUND ${line}`);
  const blind = isBlind(seen);
  if (blind)
    console.log("The index does not show the objects that hold the secrets, so this run proves nothing.");
  const places = new Set(planted.map(({ place }) => place)).size;
  console.log(`${planted.length} planted in ${places} places, ${found.length} found`);
  if (blind || found.length > 0) process.exitCode = 1;
}

function countPlaces(planted: readonly Planted[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { place } of planted) counts.set(place, (counts.get(place) ?? 0) + 1);
  return counts;
}

await main();
