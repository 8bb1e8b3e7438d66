import { expect, test } from "vitest";
import { once } from "./once.ts";

test("creates the value on the first call and keeps it", () => {
  let created = 0;
  const value = once(() => ({ number: ++created }));
  expect(created).toBe(0);
  expect(value()).toBe(value());
  expect(created).toBe(1);
});

test("keeps undefined too", () => {
  let created = 0;
  const value = once(() => void created++);
  value();
  value();
  expect(created).toBe(1);
});

test("creates the value again after a failure", () => {
  let attempts = 0;
  const value = once(() => {
    if (++attempts === 1) throw new Error("not yet");
    return attempts;
  });
  expect(value).toThrow("not yet");
  expect(value()).toBe(2);
});
