import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { manifestContract } from "@binnacle/core/testing";
import { expect, onTestFinished, test } from "vitest";
import { shareCompileCache } from "./fixtures/share-compile-cache.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";
import { SqliteManifest, SqliteStore } from "./index.ts";

shareCompileCache();
const contract = manifestContract(
  async ({ now }) => new SqliteManifest({ path: join(temporaryFolder(), "manifest.sqlite"), now }),
);
for (const check of contract) test(check.name, check.run);

const binding = { sourceId: "source", incarnation: "incarnation" };
const entry = {
  documentId: "a",
  scope: "",
  version: "1",
  inputHash: "hash",
  state: "stored",
  seenIn: "",
  slots: [{ slot: 0, contentHash: "content" }],
} as const;

test("a store's manifest and one opened on the same file are one, leases included", async () => {
  const path = join(temporaryFolder(), "store.sqlite");
  const store = new SqliteStore({ path });
  const manifest = new SqliteManifest({ path });
  onTestFinished(async () => {
    await store.close();
    await manifest.close();
  });
  const session = await store.manifest.open(binding);
  await session.put([entry], { resume: "here" });
  await expect(manifest.open(binding)).rejects.toMatchObject({ code: "lease_held", retryable: true });

  await store.manifest.close();
  await expect(store.manifest.open(binding)).rejects.toMatchObject({ code: "closed" });
  expect(await store.health()).toMatchObject({ status: "ok" });
  const next = await manifest.open(binding);
  expect(next.token).toBeGreaterThan(session.token);
  expect([next.isNew, next.resume]).toEqual([false, "here"]);
  expect(await next.get(["a"])).toEqual([entry]);
});

test("entries are listed completely over many pages, also while they are forgotten", async () => {
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
  "a lease whose process was killed on this machine is free at once",
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
