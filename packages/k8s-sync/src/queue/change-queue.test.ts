import { BinnacleError, type SourceChange } from "@binnacle/core";
import { expect, test } from "vitest";
import { ChangeQueue } from "./change-queue.ts";

const load = () => Promise.resolve(undefined);
const upsert = (documentId: string, version: string) =>
  ({ type: "upsert", documentId, scope: "pods", version, load }) as const;
const remove = (documentId: string) => ({ type: "remove", documentId, scope: "pods" }) as const;
const listing = (state: "started" | "complete") => ({ type: "listing", scope: "pods", state }) as const;
const checkpoint = (resume: string) => ({ type: "checkpoint", scope: "pods", resume }) as const;
const current = (asOf: number) => ({ type: "current", scope: "pods", asOf }) as const;

function drained(queue: ChangeQueue): readonly string[] {
  const names: string[] = [];
  for (let change = queue.take(); change !== undefined; change = queue.take()) names.push(nameOf(change));
  return names;
}

function nameOf(change: SourceChange): string {
  switch (change.type) {
    case "upsert":
      return `${change.documentId}=${change.version}`;
    case "remove":
      return `-${change.documentId}`;
    case "listing":
      return change.state;
    case "checkpoint":
      return `@${change.resume}`;
    default:
      return change.type;
  }
}

test("keeps only the latest state of an object, in its place (T43)", () => {
  const queue = new ChangeQueue(1e6);
  queue.update("pods", (pods) => {
    for (let version = 0; version < 1000; version += 1) pods.put(upsert("a", String(version)));
    pods.put(upsert("b", "1"));
    pods.put(remove("a"));
  });
  expect(queue.bytes).toBeLessThan(1_000);
  expect(drained(queue)).toEqual(["-a", "b=1"]);
  expect(queue.bytes).toBe(0);
});

test("shows an object inside each listing, even if it was pending before", () => {
  const queue = new ChangeQueue(1e6);
  queue.update("pods", (pods) => {
    pods.put(upsert("a", "1"));
    pods.mark(listing("started"));
    pods.put(upsert("a", "1"));
    pods.mark(listing("complete"));
    pods.put(upsert("a", "2"));
  });
  expect(drained(queue)).toEqual(["started", "a=2", "complete"]);
});

test("never says a checkpoint before a change that it covers", () => {
  const queue = new ChangeQueue(1e6);
  queue.update("pods", (pods) => {
    pods.put(upsert("a", "1"));
    pods.state(checkpoint("1"));
    pods.put(upsert("b", "1"));
    pods.state(checkpoint("2"));
    pods.put(upsert("a", "2"));
    pods.state(checkpoint("3"));
  });
  expect(drained(queue)).toEqual(["a=2", "@1", "b=1", "@3"]);
});

test("drops an older word of health when the scope degrades", () => {
  const queue = new ChangeQueue(1e6);
  queue.update("pods", (pods) => {
    pods.state(current(1));
    pods.state(current(2));
    pods.mark({ type: "degraded", scope: "pods", error: new BinnacleError("x", "y") });
  });
  expect(drained(queue)).toEqual(["degraded"]);
});

test("takes from all scopes in turn", () => {
  const queue = new ChangeQueue(1e6);
  for (const scope of ["a", "b"])
    queue.update(scope, (pending) => {
      for (const id of ["1", "2"]) pending.put(upsert(scope + id, "v"));
    });
  expect(drained(queue)).toEqual(["a1=v", "b1=v", "a2=v", "b2=v"]);
});

test("makes writers wait while it is full, and lets them go on an abort", async () => {
  const queue = new ChangeQueue(1_000);
  queue.update("pods", (pods) => {
    for (const id of ["a", "b", "c"]) pods.put(upsert(id, "v"));
  });
  let hasRoom = false;
  const room = queue.room(new AbortController().signal).then(() => (hasRoom = true));
  await Promise.resolve();
  expect(hasRoom).toBe(false);
  await expect(queue.room(AbortSignal.abort("left"))).rejects.toBe("left");
  queue.take();
  await room;
});

test("shows what is pending before it fails", async () => {
  const queue = new ChangeQueue(1e6);
  queue.update("pods", (pods) => pods.put(upsert("a", "1")));
  queue.fail(new Error("defect"));
  expect(queue.take()).toMatchObject({ documentId: "a" });
  expect(() => queue.take()).toThrow("defect");
});

test("says no checkpoint before a listing that shows a pending object again (T43)", () => {
  const queue = new ChangeQueue(1e6);
  queue.update("pods", (pods) => {
    pods.put(upsert("a", "5"));
    pods.state(checkpoint("5"));
    pods.state(current(5));
    pods.mark(listing("started"));
    pods.put(upsert("a", "5"));
    pods.mark(listing("complete"));
    pods.state(checkpoint("6"));
  });
  expect(drained(queue)).toEqual(["started", "a=5", "complete", "@6"]);
});
