import { manifestContract } from "@binnacle/core/testing";
import { expect, test } from "vitest";
import { MemoryManifest } from "./memory-manifest.ts";

for (const check of manifestContract(async ({ now }) => new MemoryManifest({ now })))
  test(check.name, check.run);

test("a manifest that lost everything still hands out a higher token", async () => {
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

test("a holder that was late but not replaced keeps its lease", async () => {
  let now = 0;
  const manifest = new MemoryManifest({ now: () => now });
  const session = await manifest.open({ sourceId: "s", collection: "c", incarnation: "i", leaseMs: 1000 });
  now += 5000;
  await session.put([], { resume: "still here" });
  expect(session.resume).toBe("still here");
  await manifest.close();
});

test("refuses a clock that is no function", () => {
  const options = JSON.parse('{"now": 5}');
  expect(() => new MemoryManifest(options)).toThrow(/now/);
});
