import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { ManifestEntry, StoredPoint } from "@binnacle/core";
import { SqliteStore } from "@binnacle/retriever/sqlite";
import { expect, onTestFinished, test } from "vitest";
import {
  ingestSpec,
  plannedBatch,
  sourceId,
  stateAfter,
  vectorOf,
  type PlannedBatch,
} from "./ingest-plan.ts";

const kills = 20;
const program = fileURLToPath(new URL("./ingesting-process.ts", import.meta.url));

test(
  `loses no acknowledged write and leaves none half done after ${kills} kills at random moments (R1)`,
  { timeout: 300_000 },
  async () => {
    const seed = Number(process.env["BINNACLE_SEED"] ?? randomInt(2 ** 31));
    process.stdout.write(`kill-ingest seed: ${seed}\n`);
    const folder = mkdtempSync(join(tmpdir(), "binnacle-kill-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, "store.sqlite");
    let done = 0;
    let inFlightKept = 0;
    for (let kill = 0; kill < kills; kill++) {
      const acknowledged = await ingestUntilKilled(path, seed, done);
      expect(integrityOf(path)).toEqual("ok");
      const survived = await verify(path, seed, acknowledged);
      inFlightKept += survived - acknowledged;
      done = acknowledged; // the batch in flight is repeated, as an indexer does
    }
    process.stdout.write(
      `kill-ingest: ${kills} kills, ${done} batches, ${inFlightKept} batches in flight were kept whole\n`,
    );
    expect(done).toBeGreaterThan(kills);
  },
);

/**
 * Starts the process at batch `first` and kills it at a random moment after its first acknowledgement.
 * Returns the number of acknowledged batches.
 */
async function ingestUntilKilled(path: string, seed: number, first: number): Promise<number> {
  const child = spawn(
    process.execPath,
    ["--conditions=@binnacle/source", program, path, String(seed), String(first)],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let output = "";
  let errors = "";
  const started = new Promise<void>((resolve) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      resolve();
    });
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    child.on("close", (_code, signal) => resolve(signal));
  });
  await Promise.race([started, ended]);
  await sleep(randomInt(300));
  child.kill("SIGKILL");
  expect(await ended, errors).toBe("SIGKILL");
  const lines = output.match(/^acknowledged \d+$/gm) ?? [];
  expect(lines).toEqual(Array.from(lines, (_, i) => `acknowledged ${first + i}`));
  return first + lines.length;
}

function integrityOf(path: string): unknown {
  const database = new DatabaseSync(path);
  try {
    return database.prepare("PRAGMA integrity_check").get()?.["integrity_check"];
  } finally {
    database.close();
  }
}

/** Compares the whole file with the plan. Returns the number of batches in the file. */
async function verify(path: string, seed: number, acknowledged: number): Promise<number> {
  const store = new SqliteStore({ path });
  try {
    const { incarnation, outcome } = await store.ensureCollection(ingestSpec);
    expect(outcome).toBe("exists");
    const collection = store.collection(ingestSpec.name);
    const points = await all(collection.scan({ includeVectors: true }));
    // The batch in flight may be whole or missing.
    const next = plannedBatch(seed, acknowledged);
    const isNextThere = points.some(({ metadata }) => metadata["revision"] === next.revision);
    const survived = acknowledged + (isNextThere ? 1 : 0);
    const expected = stateAfter(seed, survived);
    expect(points.map(keyOf).sort()).toEqual(keysOf(expected));
    for (const { chunk, dense } of points) {
      expect(dense).toEqual(vectorOf(chunk.slot, Number(chunk.documentVersion)));
    }
    const query = { legs: [{ dense: vectorOf(0, 0) }], limit: 10_000 } as const;
    expect(await collection.search(query)).toHaveLength(points.length);

    await sleep(350); // the killed writer's lease expires
    const session = await store.manifest.open({ sourceId, collection: ingestSpec.name, incarnation });
    checkEntries(await all(session.list()), expected, acknowledged, next);
    await session.close();
    return survived;
  } finally {
    await store.close();
  }
}

/**
 * Checks that an entry with `stored` agrees with the points. Only the document in flight may be `writing`.
 */
function checkEntries(
  entries: readonly ManifestEntry[],
  expected: ReadonlyMap<string, PlannedBatch>,
  acknowledged: number,
  next: PlannedBatch,
): void {
  const byDocument = new Map(entries.map((entry) => [entry.documentId, entry]));
  for (const batch of expected.values()) {
    const entry = byDocument.get(batch.documentId);
    if (entry?.state === "stored") {
      expect([entry.version, entry.slots.length]).toEqual([String(batch.revision), batch.slots]);
    } else {
      expect([entry?.state, entry?.documentId, entry?.version]).toEqual([
        "writing",
        next.documentId,
        String(acknowledged),
      ]);
    }
  }
}

function keyOf({ chunk, metadata }: StoredPoint): string {
  return `${chunk.documentId}/${chunk.slot} revision ${chunk.documentVersion} (${JSON.stringify(metadata["revision"])})`;
}

function keysOf(state: ReadonlyMap<string, PlannedBatch>): readonly string[] {
  const keys = Array.from(state.values(), ({ documentId, revision, slots }) =>
    Array.from({ length: slots }, (_, slot) => `${documentId}/${slot} revision ${revision} (${revision})`),
  );
  return keys.flat().sort();
}

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
