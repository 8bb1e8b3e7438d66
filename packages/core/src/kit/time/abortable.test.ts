import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { abortable } from "./abortable.ts";

test("settles like the promise and removes its listener", async () => {
  const { signal } = new AbortController();
  await expect(abortable(Promise.resolve(7), signal)).resolves.toBe(7);
  await expect(abortable(Promise.reject(new Error("own")), signal)).rejects.toThrow("own");
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("rejects with the abort's reason while the promise is pending", async () => {
  const controller = new AbortController();
  const waiting = abortable(new Promise(() => undefined), controller.signal);
  const reason = { why: "left" };
  controller.abort(reason);
  await expect(waiting).rejects.toBe(reason);
});

test("prefers an aborted signal to a settled promise, and ignores a late rejection", async () => {
  const late = Promise.reject(new Error("late"));
  await expect(abortable(late, AbortSignal.abort("gone"))).rejects.toBe("gone");
});
