import { expect, test } from "vitest";
import { VectorStash } from "./vector-stash.ts";

test("keeps the latest vectors within 8 MiB", () => {
  const stash = new VectorStash();
  const dense = new Float32Array(1024);
  for (let i = 0; i < 3000; i++) stash.add(`hash-${i}`, { dense });
  expect(stash.get("hash-2999")).toEqual({ dense });
  expect(stash.get("hash-0")).toBeUndefined();
  const held = Array.from({ length: 3000 }, (_, i) => stash.get(`hash-${i}`)).filter(Boolean).length;
  expect(held * 4 * 1024).toBeLessThanOrEqual(8 * 1024 * 1024);
  expect(held).toBeGreaterThan(1900);
});
