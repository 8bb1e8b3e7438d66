import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { qdrantMissing, startQdrant } from "../../../../tests/servers/qdrant.ts";
import { createIndexer } from "../indexing/create-indexer.ts";
import { MemoryManifest } from "../manifests/memory/index.ts";
import { QdrantStore } from "../stores/qdrant/index.ts";
import { temporaryFolder } from "../stores/sqlite/fixtures/temporary-folder.ts";
import { SqliteStore } from "../stores/sqlite/index.ts";
import {
  ALIAS,
  documentOf,
  fillOld,
  indexOf,
  readThroughAlias,
  textsOf,
} from "./fixtures/reindexed-handbook.ts";
import { reindex } from "./reindex.ts";

const program = fileURLToPath(new URL("fixtures/reindexing-process.ts", import.meta.url));

/** Runs the process until `isEnough` accepts its lines, and then kills it. Returns all lines. */
async function runUntil(
  path: string,
  isEnough: (lines: readonly string[]) => boolean,
): Promise<readonly string[]> {
  const args = ["--conditions=@binnacle/source", program, path];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    if (isEnough(output.slice(0, output.lastIndexOf("\n") + 1).split("\n"))) child.kill("SIGKILL");
  });
  await new Promise((resolve) => child.once("close", resolve));
  return output.split("\n").filter((line) => line !== "");
}

function embeddedIn(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + Number(/^embedded (\d+)$/.exec(line)?.[1] ?? 0), 0);
}

describe("reindex on SQLite", () => {
  test(
    "continues after kill -9 in every phase, while readers see one whole collection (SB-Q4)",
    {
      timeout: 240_000,
    },
    async () => {
      const points = 2_000;
      const path = join(temporaryFolder(), "store.sqlite");
      const store = new SqliteStore({ path });
      onTestFinished(() => store.close());
      const old = await fillOld(store, points);
      const before = await textsOf(store, old.name);
      const readers = readThroughAlias(store);
      const after = (requests: number) => (lines: readonly string[]) =>
        lines.filter((line) => line.startsWith("embedded")).length >= requests;
      const kills = [
        ...Array.from({ length: 3 }, () => after(randomInt(1, 12))),
        (lines: readonly string[]) => lines.includes("phase checking"),
        (lines: readonly string[]) => lines.includes("phase switching"),
      ];
      let embedded = 0;
      for (const isEnough of kills) {
        embedded += embeddedIn(await runUntil(path, isEnough));
        expect(await store.collection(ALIAS).count()).toBe(points);
      }
      const lines = await runUntil(path, () => false);
      embedded += embeddedIn(lines);
      const seen = await readers.stop();
      const report: unknown = JSON.parse(lines.at(-1)?.replace("report ", "") ?? "");
      process.stdout.write(
        `reindex: ${kills.length} kills, ${points} points, ${embedded} embeddings, ${seen.reads} reads\n`,
      );
      expect(report).toMatchObject({ points });
      expect(await textsOf(store, ALIAS)).toEqual(before);
      expect((await store.describeCollection(ALIAS))?.dense?.spaceId).toBe("new");
      expect(seen).toMatchObject({ failed: 0, mixed: 0, partial: 0 });
      // Each kill loses at most one batch of 256 texts that was embedded but not written.
      expect(embedded).toBeGreaterThanOrEqual(points);
      expect(embedded).toBeLessThanOrEqual(points + kills.length * 256);
    },
  );
});

const missing = qdrantMissing();

describe.skipIf(missing !== undefined)(
  `reindex on Qdrant${missing === undefined ? "" : `: ${missing}`}`,
  () => {
    test(
      "switches under reads and writes without a failed read or a lost write (SB-Q4)",
      { timeout: 120_000 },
      async () => {
        const points = 400;
        const server = await startQdrant();
        const options = { url: server.url, apiKey: server.apiKey };
        const [store, elsewhere] = [new QdrantStore(options), new QdrantStore(options)];
        onTestFinished(async () => {
          for (const { name } of await store.listCollections()) await store.deleteCollection(name);
          await Promise.all([store.close(), elsewhere.close(), server.close()]);
        });
        const manifest = new MemoryManifest();
        const old = await fillOld(store, points, manifest);
        const readers = readThroughAlias(elsewhere);
        const indexer = createIndexer({ store, index: old, manifest });
        const writing: Promise<unknown>[] = [];
        let isFirst = true;
        const onProgress = (): void => {
          if (isFirst) writing.push(indexer.upsert([documentOf(1, "edited"), documentOf(points, "added")]));
          isFirst = false;
        };
        const report = await reindex({ store, index: indexOf("new"), manifest, onProgress });
        await Promise.all(writing);
        await store.deleteCollection(old.name);
        await new Promise((resolve) => setTimeout(resolve, 1_500)); // another process trusts an alias for a second
        const seen = await readers.stop();
        process.stdout.write(
          `reindex over Qdrant: ${JSON.stringify({ ...report, into: "", reads: seen.reads })}\n`,
        );
        const texts = await textsOf(elsewhere, ALIAS);
        expect([texts.size, texts.get("d1"), texts.get(`d${points}`)]).toEqual([
          points + 1,
          "edited",
          "added",
        ]);
        expect(seen).toMatchObject({ failed: 0, mixed: 0, partial: 0 });
        expect([...seen.spaces].sort()).toEqual(["new", "old"]);
      },
    );
  },
);
