import { BinnacleError } from "@binnacle/core";
import { expect, test, vi } from "vitest";
import { readPackages } from "./workspace.ts";

type ErrorClass = (new (...values: unknown[]) => Error) & { isInstance(value: unknown): boolean };

const entries = readPackages().flatMap((one) => one.entries);
const isErrorClass = (value: unknown): value is ErrorClass =>
  typeof value === "function" && (value.prototype instanceof Error || value === Error);

async function errorClassesOf(entry: string): Promise<readonly ErrorClass[]> {
  const exported: Record<string, unknown> = await import(entry);
  return Object.values(exported).filter(isErrorClass);
}

/** Creates an instance. Every error class takes texts and then its options. */
function instanceOf(Class: ErrorClass): Error {
  const options = { kind: "server", url: "http://h", phase: "total", afterMs: 1, capability: "x" };
  return new Class(...Array.from({ length: Math.max(Class.length, 2) - 1 }, () => "text"), options);
}

test("covers core's errors", async () => {
  const names = (await errorClassesOf("@binnacle/core")).map(({ name }) => name).sort();
  expect(names).toContain("BinnacleError");
  expect(names.length).toBeGreaterThan(6);
});

test.each(entries)(
  "brands and codes every error that $name exports, and distinguishes it from others",
  async ({ name }) => {
    const classes = await errorClassesOf(name);
    for (const Class of classes) {
      const instance = instanceOf(Class);
      expect(BinnacleError.isInstance(instance), Class.name).toBe(true);
      expect(Class.isInstance(instance), Class.name).toBe(true);
      expect(Class.isInstance(new Error("other")), Class.name).toBe(false);
      expect(instance.name).toBe(Class.name);
      expect(instance).toMatchObject({
        code: expect.stringMatching(/^[a-z][a-z0-9_]*$/),
        retryable: expect.any(Boolean),
      });
      if (Class === BinnacleError) continue;
      expect(Class.isInstance(new BinnacleError("some_code", "other")), Class.name).toBe(false);
    }
  },
);

test("recognises errors of another copy of core by isInstance, where instanceof fails", async () => {
  vi.resetModules();
  const copy = await import("@binnacle/core");
  const error = new copy.RequestError("http_500", "broken", { url: "http://h" });
  expect(error instanceof BinnacleError).toBe(false);
  expect(BinnacleError.isInstance(error)).toBe(true);
});
