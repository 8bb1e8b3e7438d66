import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { sampleId, sampleSpec, sampleUpsert } from "./fixtures/sample-points.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";
import { SqliteStore } from "./index.ts";

const everything = { legs: [{ dense: Float32Array.of(1, 0, 0, 0) }], limit: 100 } as const;

test("finds another process's writes and deletions in the next search, and does not keep that process alive", async () => {
  const path = join(temporaryFolder(), "store.sqlite");
  const store = new SqliteStore({ path });
  onTestFinished(() => store.close());
  await store.ensureCollection(sampleSpec);
  const collection = store.collection("samples");
  await collection.write([sampleUpsert(0), sampleUpsert(1)]);
  const found = await collection.search(everything);
  expect(found.map(({ id }) => id).sort()).toEqual([0, 1].map(sampleId).sort());
  const version = found.find(({ id }) => id === sampleId(1))?.version;
  const before = await collection.epoch();

  const script = fileURLToPath(new URL("./fixtures/foreign-writer.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--conditions=@binnacle/source",
    script,
    path,
    "0", // deleted again
    "1", // written anew
    "2",
  ]);
  expect(stdout).toBe("written\n");
  const hits = await collection.search(everything);
  expect(hits.map(({ id }) => id).sort()).toEqual([1, 2].map(sampleId).sort());
  expect(hits.find(({ id }) => id === sampleId(1))?.version).not.toBe(version);
  expect(await collection.epoch()).not.toBe(before);
});
