import { manifestContract } from "@binnacle/core/testing";
import { expect, onTestFinished, test, vi } from "vitest";
import { MemoryManifest } from "./memory-manifest.ts";

for (const check of manifestContract(async ({ now }) => new MemoryManifest({ now })))
  test(check.name, check.run);

test("hands out a higher token after its entries were lost", async () => {
  let now = 1_000_000;
  const before = await new MemoryManifest({ now: () => now }).open({
    sourceId: "s",
    collection: "c",
    incarnation: "i",
  });
  now += 1;
  const after = await new MemoryManifest({ now: () => now }).open({
    sourceId: "s",
    collection: "c",
    incarnation: "i",
  });
  expect(after.token).toBeGreaterThan(before.token);
  await Promise.all([before.close(), after.close()]);
});

test("keeps the lease of a holder that was late but not replaced", async () => {
  let now = 0;
  const manifest = new MemoryManifest({ now: () => now });
  const session = await manifest.open({ sourceId: "s", collection: "c", incarnation: "i", leaseMs: 1000 });
  now += 5000;
  await session.put([], { resume: new Map([["s", "still here"]]) });
  expect(session.resume.get("s")).toBe("still here");
  await manifest.close();
});

test("refuses a clock that is no function", () => {
  const options = JSON.parse('{"now": 5}');
  expect(() => new MemoryManifest(options)).toThrow(/now/);
});

test("finds entries that are not stored without reading the stored entries", async () => {
  const session = await new MemoryManifest().open({ sourceId: "s", collection: "c", incarnation: "i" });
  const entry = {
    scope: "",
    version: "1",
    config: "",
    inputHash: "",
    seenIn: "",
    slots: [],
    state: "stored",
  } as const;
  await session.put(Array.from({ length: 100_000 }, (_, i) => ({ ...entry, documentId: `d${i}` })));
  await session.put([{ ...entry, documentId: "d7", state: "writing" }]);
  const writing = async (): Promise<readonly string[]> => {
    const found: string[] = [];
    for await (const { documentId } of session.list({ state: "writing" })) found.push(documentId);
    return found;
  };
  const sorted = vi.spyOn(Array.prototype, "sort");
  onTestFinished(() => sorted.mockRestore());
  expect(await writing()).toEqual(["d7"]);
  expect(sorted.mock.contexts).toEqual([["d7"]]);
  await session.put([{ ...entry, documentId: "d7" }]);
  expect(await writing()).toEqual([]);
  await session.close();
});
