import { FakeClock } from "@binnacle/core/testing";
import { expect, test } from "vitest";
import type { ReadDocument } from "../rendering/create-object-describer.ts";
import { RecentObjects } from "./recent-objects.ts";

const read = (json: string): ReadDocument => ({
  type: "document",
  hash: json,
  json,
  mask: (text) => text,
  observed: { uid: json, resourceVersion: "1", createdAt: undefined },
});

test("keeps the objects while a slow reader takes them, and forgets them after the last reader", async () => {
  const clock = new FakeClock();
  const recent = new RecentObjects(100, clock);
  for (const id of ["a", "b", "c", "d"]) recent.put(id, read(id));
  for (const id of ["a", "b", "c"]) {
    await clock.advance(4_000);
    expect(recent.take(id)?.json).toBe(id);
  }
  await clock.advance(6_000);
  expect(recent.take("d")).toBeUndefined();
});

test("leaves out the oldest objects above its bytes, and gives each object once", () => {
  const recent = new RecentObjects(4, new FakeClock());
  for (const id of ["aa", "bb", "cc"]) recent.put(id, read(id));
  expect(recent.take("aa")).toBeUndefined();
  expect(recent.take("cc")?.json).toBe("cc");
  expect(recent.take("cc")).toBeUndefined();
});
