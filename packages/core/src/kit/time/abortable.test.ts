import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { abortable } from "./abortable.ts";

test("settles as the promise does and takes its listener off", async () => {
  const { signal } = new AbortController();
  await expect(abortable(Promise.resolve(7), signal)).resolves.toBe(7);
  await expect(abortable(Promise.reject(new Error("own")), signal)).rejects.toThrow("own");
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("an abort rejects with the reason itself while the promise is still pending", async () => {
  const controller = new AbortController();
  const waiting = abortable(new Promise(() => undefined), controller.signal);
  const reason = { why: "left" };
  controller.abort(reason);
  await expect(waiting).rejects.toBe(reason);
});

test("an aborted signal wins over a settled promise, and a late rejection is nobody's", async () => {
  const late = Promise.reject(new Error("late"));
  await expect(abortable(late, AbortSignal.abort("gone"))).rejects.toBe("gone");
});
