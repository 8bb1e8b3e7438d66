import { expect, test } from "vitest";
import { RetryQueue } from "./retry-queue.ts";

const said = { order: 7, saidAt: 0 };
const request = (documentId: string) => ({
  ...said,
  documentId,
  scope: "pods",
  version: "1",
  listing: undefined,
  load: () => Promise.resolve(undefined),
});

test("holds 10,000 failures; of more it keeps only the scope, until the scope is listed again", () => {
  const queue = new RetryQueue();
  for (let i = 0; i < 10_000; i++) queue.add(request(`d${i}`));
  expect(queue.lost.size).toBe(0);
  queue.add({ ...request("one too many"), order: 9 });
  queue.add({ ...request("two too many"), order: 8 });
  expect([[...queue.lost], [...queue.requests].length]).toEqual([[["pods", 8]], 10_000]);
  queue.startListing("pods");
  expect(queue.lost.size).toBe(0);
});

test("is due when its oldest failure that can be tried again is", () => {
  const queue = new RetryQueue();
  expect(queue.dueAt(5)).toBe(Infinity);
  queue.add({ ...said, documentId: "unreadable", scope: "pods", listing: undefined });
  expect(queue.dueAt(5)).toBe(Infinity);
  const before = Date.now();
  queue.add(request("a"));
  queue.add({ ...said, documentId: "b", scopes: ["pods"] });
  expect(queue.dueAt(5)).toBeGreaterThanOrEqual(before + 5);
  expect(queue.take().map(({ documentId }) => documentId)).toEqual(["a", "b"]);
  expect([queue.dueAt(5), [...queue.requests].length]).toEqual([Infinity, 1]);
});
